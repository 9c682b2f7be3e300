import AWSClient
import Evidence

extension ReadFailure {
    /// In the place of an operation: what was found by comparing.
    static let reconciliation = "reconciliation"

    init(_ error: AWSError, fact: FactKind, subject: ReadSubject) {
        let message =
            switch error.reason {
            case .service(_, let message, _): message
            case .transport(let error) where error.kind == .cancelled: "the run was interrupted before this was read"
            case .transport(let error): error.description
            case .unreadable(let error, let status): "\(error) (HTTP \(status))"
            case .pagination(let problem): problem
            case .credentials(let error): error.description
            }
        self.init(
            fact: fact, operation: error.operation, subject: subject, code: Code(of: error), message: message,
            exchange: error.receipt?.number)
    }

    /// A list that has something twice may have left something else out.
    ///
    /// - Parameter what: as a sentence begins with it, such as `the user`.
    init(
        listedTwice what: String, fact: FactKind = .population, operation: String, subject: ReadSubject, exchange: Int?
    ) {
        self.init(
            fact: fact, operation: operation, subject: subject, code: .listedTwice,
            message: "\(what) was listed twice; the list changed while it was read", exchange: exchange)
    }
}

extension ReadFailure.Code {
    init(of error: AWSError) {
        self =
            switch error.reason {
            case .service(let code, _, AWSError.statusOfReport): Self(rawValue: code)
            case .service(let code, _, _): Self(ofAWS: code)
            case .transport(let error):
                switch error.kind {
                case .cancelled: .interrupted
                case .unreachable: .unreachable
                default: .noAnswer
                }
            case .unreadable: .unreadableAnswer
            case .pagination: .pagination
            case .credentials: .credentials
            }
    }
}

extension AWSError {
    /// In the place of an HTTP status: the error is what a report says of a run, in the report's words. No answer has it.
    static let statusOfReport = -1

    /// What errors are counted by: the call, and the code of how it failed.
    var callAndCode: String { "\(operation) \(ReadFailure.Code(of: self))" }
}

extension Provenance {
    /// Of what a call answered.
    init(_ operation: Operation, _ receipt: Receipt?, _ run: CollectionClock) {
        self.init(operation, asOf: receipt?.sent ?? run.now(), exchange: receipt?.number)
    }

    /// Of a list that came on these pages.
    init(_ operation: Operation, _ pages: [Receipt], _ run: CollectionClock) {
        self.init(operation, pages.first, run)
        furtherExchanges = pages.dropFirst().map(\.number)
    }
}
