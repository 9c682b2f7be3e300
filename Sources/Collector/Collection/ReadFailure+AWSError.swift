import AWSClient
import Evidence

extension ReadFailure {
    init(_ error: AWSError, fact: FactKind, subject: String) {
        let (code, message) =
            switch error.reason {
            case .service(let code, let message, _): (code, message)
            case .transport(let error) where error.kind == .cancelled:
                ("interrupted", "the run was interrupted before this was read")
            case .transport(let error): ("no-answer", error.description)
            case .unreadable(let error, let status): ("unreadable-answer", "\(error) (HTTP \(status))")
            case .pagination(let problem): ("pagination", problem)
            case .credentials(let error): ("credentials", error.description)
            }
        self.init(
            fact: fact, operation: error.operation, subject: subject, code: code, message: message,
            exchange: error.receipt?.number)
    }
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
