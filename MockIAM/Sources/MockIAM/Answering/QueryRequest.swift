import NIOCore
import NIOHTTP1
import Recording

/// A request of AWS's Query protocol: an action and its parameters, from a form body, a query string or both.
struct QueryRequest: Equatable {
    var key: RequestKey
    var service: AWSError.Service

    init(_ request: HTTPRequest) throws(AWSError) {
        let parts = request.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.isEmpty || parts[0] == "/" || parts[0].isEmpty else { throw .unknownPath }
        var parameters = parts.count > 1 ? FormParameter.parse(parts[1].utf8) : []
        switch request.method {
        case .POST: parameters += FormParameter.parse(request.body.readableBytesView)
        case .GET, .HEAD: break
        default: throw .methodNotAllowed
        }
        try self.init(parameters)
    }

    /// A recorded request; nil where it is none of the Query protocol, or was scrubbed.
    init?(_ recorded: Exchange.Request) {
        let query = recorded.url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let parameters = FormParameter.parse(query.utf8) + FormParameter.parse(recorded.body)
        guard let request = try? QueryRequest(parameters) else { return nil }
        self = request
    }

    private init(_ parameters: [FormParameter]) throws(AWSError) {
        // STS has had one version only, so the version tells the service.
        service = parameters.contains(FormParameter(name: "Version", value: "2011-06-15")) ? .sts : .iam
        guard let action = parameters.first(where: { $0.name == "Action" })?.value, !action.isEmpty else {
            throw .missingAction(service)
        }
        key = RequestKey(action: action, parameters: parameters.filter { !$0.isSignature })
    }
}

extension FormParameter {
    /// A signature in the query belongs to the sender and the moment, not to what is asked; it is a secret, too.
    fileprivate var isSignature: Bool {
        let old: Set = [
            "AWSAccessKeyId", "SecurityToken", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp",
        ]
        return name.lowercased().hasPrefix("x-amz-") || old.contains(name)
    }
}
