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
        try self.init(parameters)
    }

    /// A recorded request; nil where it is none of the Query protocol, or was scrubbed.
    init?(_ recorded: Exchange.Request) {
        guard recorded.operation != nil, let request = try? QueryRequest(FormParameter.parse(recorded.asPost.body))
        else { return nil }
        self = request
    }

    private init(_ parameters: [FormParameter]) throws(AWSError) {
        version = parameters.first { $0.name == "Version" }?.value
        // STS has had one version only, so the version tells the service.
        service = version == Service.sts.version ? .sts : .iam
        guard let action = parameters.first(where: { $0.name == "Action" })?.value, !action.isEmpty else {
            throw .missingAction(service)
        }
        key = RequestKey(action: action, parameters: parameters.filter { !$0.isSigning })
    }
}
