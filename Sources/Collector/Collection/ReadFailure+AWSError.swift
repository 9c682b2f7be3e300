import AWSClient
import Evidence

extension ReadFailure {
    init(_ error: AWSError, fact: FactKind, subject: String) {
        let (code, message): (Code, String) =
            switch error.reason {
            case .service(let code, let message, AWSError.statusOfReport): (Code(rawValue: code), message)
            case .service(let code, let message, _): (Code(ofAWS: code), message)
            case .transport(let error) where error.kind == .cancelled:
                (.interrupted, "the run was interrupted before this was read")
            case .transport(let error): (.noAnswer, error.description)
            case .unreadable(let error, let status): (.unreadableAnswer, "\(error) (HTTP \(status))")
            case .pagination(let problem): (.pagination, problem)
            case .credentials(let error): (.credentials, error.description)
            }
        self.init(
            fact: fact, operation: error.operation, subject: subject, code: code, message: message,
            exchange: error.receipt?.number)
    }
}

extension AWSError {
    /// In the place of an HTTP status: the error is what a report says of a run, in the report's words. No answer has it.
    static let statusOfReport = -1
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
