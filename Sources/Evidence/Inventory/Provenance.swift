package import FoundationEssentials

/// Where a fact comes from: what AWS was asked, when, and where the answer is recorded.
package struct Provenance: Sendable, Equatable {
    /// The operations of IAM that facts are taken from. A name takes one byte here: every key has two.
    package enum Operation: String, Sendable, CaseIterable, Decodable {
        case listUsers = "ListUsers"
        case listAccessKeys = "ListAccessKeys"
        case getAccessKeyLastUsed = "GetAccessKeyLastUsed"
        case getLoginProfile = "GetLoginProfile"
        case getAccountSummary = "GetAccountSummary"
        case getCredentialReport = "GetCredentialReport"
        case listUserTags = "ListUserTags"
        case listMFADevices = "ListMFADevices"
        case listServiceSpecificCredentials = "ListServiceSpecificCredentials"
        case listSigningCertificates = "ListSigningCertificates"
        case listSSHPublicKeys = "ListSSHPublicKeys"
    }

    /// The operation whose answer says so; `GetCredentialReport` for what the credential report says.
    package var operation: Operation
    /// The instant that the fact is of: when the call was made, by the collector's clock, or when AWS made the report.
    package var asOf: Date
    /// The exchange in `raw/exchanges.jsonl`, by `_seq`; of a list that came on several pages, the first page's.
    package var exchange: Int?
    /// Those of the other pages of such a list, in order.
    package var furtherExchanges: [Int]

    package init(_ operation: Operation, asOf: Date, exchange: Int?, furtherExchanges: [Int] = []) {
        self.operation = operation
        self.asOf = asOf
        self.exchange = exchange
        self.furtherExchanges = furtherExchanges
    }

    /// All of them, in order.
    package var exchanges: [Int] { (exchange.map { [$0] } ?? []) + furtherExchanges }
}

/// What was asked for once for the whole account.
package indirect enum Reading<Value: Sendable>: Sendable {
    case read(Value, Provenance)
    case failed(ReadFailure)
    /// The way of collecting doesn't need it.
    case notAsked

    package var value: Value? { if case .read(let value, _) = self { value } else { nil } }
    package var provenance: Provenance? { if case .read(_, let provenance) = self { provenance } else { nil } }
    package var failure: ReadFailure? { if case .failed(let failure) = self { failure } else { nil } }
}

// Not of the type itself: see Shared.
extension Reading: Equatable where Value: Equatable {}
