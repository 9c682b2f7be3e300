import FoundationEssentials
import NIOCore

/// The credential report of an account, from nothing to made to out of date.
///
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html: AWS makes one on request, hands
/// the same one out for four hours, and forgets it after seven days.
struct CredentialReport: Sendable {
    /// How long a report is handed out before a new one is made.
    static let lifetime: TimeInterval = 4 * 3600
    /// How long it can be fetched at all.
    static let keptFor: TimeInterval = 7 * 86_400

    enum State: Equatable {
        case started, inProgress, complete
    }

    private let plan: MockIAM.CredentialReportPlan
    /// When the report at hand was made.
    private(set) var generated: Date?
    /// Calls that were made while a new report is in the making.
    private var polls = 0
    /// The CSV in base64, made at the first fetch; not kept where it is large, and made again then from the same facts.
    private var content: ByteBuffer?
    /// The largest number of users of an account whose report is kept in memory. The report of 5000 users has about 2 MB.
    static let keptUsers = 5000

    init(_ plan: MockIAM.CredentialReportPlan) {
        self.plan = plan
        generated = plan.generated
    }

    /// What GenerateCredentialReport says.
    mutating func generate(at now: Date) -> State {
        if polls == 0, let generated, now < generated + Self.lifetime { return .complete }
        let isFirst = polls == 0
        return poll(at: now) ? .complete : isFirst ? .started : .inProgress
    }

    /// A call while a report is in the making, or that begins it.
    ///
    /// - Returns: whether it is complete.
    private mutating func poll(at now: Date) -> Bool {
        polls += 1
        guard polls >= plan.polls else { return false }
        polls = 0
        generated = now
        content = nil
        return true
    }

    /// What GetCredentialReport answers: when the report was made, and the CSV in base64, where it is at hand.
    mutating func fetch(at now: Date) throws(AWSError) -> (content: ByteBuffer?, generated: Date) {
        // Some clients ask for the report again and again, instead of asking for its state.
        let isComplete = polls > 0 ? poll(at: now) : true
        guard let generated else {
            // Both have no message in captures of live answers.
            throw isComplete
                ? AWSError(status: 410, code: "ReportNotPresent")
                : AWSError(status: 404, code: "ReportInProgress")
        }
        guard now < generated + Self.keptFor else {
            throw AWSError(
                status: 410, code: "ReportExpired", message: "Report is expired. Please generate a new report.")
        }
        return (content, generated)
    }

    /// Keeps the CSV of the report that was made at an instant, unless there is another one by now.
    mutating func keep(_ content: ByteBuffer, of instant: Date) {
        if generated == instant { self.content = content }
    }
}
