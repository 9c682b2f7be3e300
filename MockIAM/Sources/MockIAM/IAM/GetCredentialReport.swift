import FoundationEssentials
import NIOCore

extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html
    static let getCredentialReport = QueryOperation(.iam, "GetCredentialReport") { call, result throws(AWSError) in
        let account = call.account
        let (content, generated) = try call.world.report(of: account) { generated in
            var made = ByteBuffer()
            CredentialReportCSV(account, at: generated).writeBase64(to: &made)
            return made
        }
        result.field("ReportFormat", "text/csv")
        if let content {
            result.field("Content") { $0.writeImmutableBuffer(content) }
        } else {
            result.field("Content") { CredentialReportCSV(account, at: generated).writeBase64(to: &$0) }
        }
        result.field("GeneratedTime", generated)
    }
}

extension World {
    /// The credential report that is at hand, and when it was made. Its content is nil where it is too large to be kept.
    ///
    /// - Parameter make: makes the content of the report of an instant, where it isn't at hand.
    func report(
        of account: ServedAccount, making make: (Date) -> ByteBuffer
    ) throws(AWSError) -> (content: ByteBuffer?, generated: Date) {
        let (content, generated) = try withReport(of: account) { report, now throws(AWSError) in
            try report.fetch(at: now)
        }
        guard content == nil, account.users.count <= CredentialReport.keptUsers else { return (content, generated) }
        // Outside the lock: whoever else asks waits for nothing meanwhile.
        let made = make(generated)
        // Where other accounts are served by now there is nothing to keep it for. It was asked of this one, and is its.
        try? withReport(of: account) { report, _ in report.keep(made, of: generated) }
        return (made, generated)
    }
}
