import NIOHTTP1
import Recording

/// One operation of a service that doesn't speak the Query protocol.
///
/// They share the port with IAM and STS: path, method and `X-Amz-Target` tell what is meant.
struct ServiceOperation: Sendable {
    /// Answers a request that may be answered. It may set the caller's identity, which the journal shows.
    typealias Body = @Sendable (_ call: inout ServiceCall) throws(ServiceError) -> Answer

    /// As the journal, the faults and AWS's documentation call it.
    let name: String
    let errors: ErrorForm
    var method = HTTPMethod.GET
    /// Whether a request must be signed, as those of Organizations must be.
    var isSigned = false
    /// Whether an account can answer it; a recording may know others.
    var isKnown = true
    /// The inputs that the journal may show: whatever is a secret, or could be, isn't among them.
    var shown: Set<String> = []
    let body: Body
}

extension ServiceOperation {
    /// All that an account can answer. The metadata service has more paths than these.
    static let all: [ServiceOperation] = [
        .getRoleCredentials, .listSignOnAccounts, .listAccountRoles, .logout, .createToken, .registerClient,
        .startDeviceAuthorization, .getContainerCredentials, .metadataToken, .metadata(at: "/latest/meta-data/"),
        .listAccounts, .describeOrganization,
    ]

    /// What a request asks for; nil for one that is none of these services', and so may be of the Query protocol.
    static func matching(_ request: HTTPRequest) -> ServiceOperation? {
        if let target = request.headers.first(name: "x-amz-target") { return organizations(target, path: request.path) }
        switch request.path {
        case "/federation/credentials": return .getRoleCredentials
        case "/assignment/accounts": return .listSignOnAccounts
        case "/assignment/roles": return .listAccountRoles
        case "/logout": return .logout
        case "/token": return .createToken
        case "/client/register": return .registerClient
        case "/device_authorization": return .startDeviceAuthorization
        case let path where path == "/container/credentials" || path.hasPrefix("/container/credentials/"):
            return .getContainerCredentials
        case let path where path == "/v2/credentials" || path.hasPrefix("/v2/credentials/"):
            return .getTaskCredentials
        case "/latest/api/token": return .metadataToken
        case let path where path == "/latest" || path.hasPrefix("/latest/"): return .metadata(at: String(path))
        default: return nil
        }
    }

    /// What identifies the request in the journal.
    func key(of request: HTTPRequest) -> RequestKey {
        let input = shown.isEmpty ? nil : ServiceInput(request)
        return RequestKey(
            action: name,
            parameters: shown.compactMap { name in
                input?.description(of: name).map { FormParameter(name: name, value: $0) }
            })
    }

    /// `organizations:ListAccounts`, as policies have it.
    var permission: String {
        "\(service.rawValue):\(name)"
    }

    /// Whose signature a request has. What isn't signed hands out credentials, which all are STS's.
    var service: Service {
        isSigned ? .organizations : .sts
    }
}
