import NIOCore
import NIOHTTP1
import Recording

/// A request of AWS's Query protocol: an action and its parameters, from a form body, a query string or both.
struct QueryRequest: Equatable {
    var key: RequestKey
    var service: Service
    /// The `Version` as it was sent.
    var version: String?

    init(_ request: HTTPRequest) throws(AWSError) {
        guard request.path == "/" else { throw .unknownPath }
        var parameters = FormParameter.parse(request.query.utf8)
        switch request.method {
        case .POST: parameters += FormParameter.parse(request.body.readableBytesView)
        case .GET, .HEAD: break
        default: throw .methodNotAllowed(but: "GET", "HEAD", "POST")
        }
        try self.init(parameters, signedFor: request.claimedService)
    }

    /// A recorded request; nil where it is none of the Query protocol, or was scrubbed.
    init?(_ recorded: Exchange.Request) {
        guard recorded.operation != nil, let request = try? QueryRequest(FormParameter.parse(recorded.asPost.body))
        else { return nil }
        self = request
    }

    /// - Parameter claimed: the service that the request is signed for, as it says.
    private init(_ parameters: [FormParameter], signedFor claimed: Service? = nil) throws(AWSError) {
        let version = parameters.first { $0.name == "Version" }?.value
        guard let action = parameters.first(where: { $0.name == "Action" })?.value, !action.isEmpty else {
            throw .missingAction(claimed ?? .iam)
        }
        self.version = version
        service = Self.service(of: action, version, signedFor: claimed)
        key = RequestKey(action: action, parameters: parameters.filter { !$0.isSigning })
    }

    /// Which service a request is for, which at AWS its host says: the one that has such an operation of such a version. Of
    /// what neither has, the one that it is signed for.
    private static func service(of action: String, _ version: String?, signedFor claimed: Service?) -> Service {
        // Each has had one version only.
        let named = [Service.iam, .sts].first { $0.version == version }
        if let named, claimed == nil || named == claimed || AWSOperations.has(action, in: named) { return named }
        return claimed ?? (AWSOperations.has(action, in: .sts) ? .sts : .iam)
    }

    /// Whether AWS has the operation.
    var isForOperationOfAWS: Bool {
        version == service.version && AWSOperations.has(key.action, in: service)
    }
}
