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
        case .POST: if request.hasForm { parameters += FormParameter.parse(request.body.readableBytesView) }
        case .GET, .HEAD: break
        default: throw .methodNotAllowed(but: "GET", "HEAD", "POST")
        }
        guard let query = QueryRequest(parameters, signedFor: request.claimedService) else {
            throw .nothingAsked(query: String(request.query), of: request.claimedService ?? .iam)
        }
        self = query
    }

    /// A recorded request; nil where it is none of the Query protocol, or was scrubbed.
    init?(_ recorded: Exchange.Request) {
        guard recorded.operation != nil, let request = QueryRequest(FormParameter.parse(recorded.asPost.body))
        else { return nil }
        self = request
    }

    /// Nil where there is no action. An empty one is an operation that isn't there.
    ///
    /// - Parameter claimed: the service that the request is signed for, as it says.
    private init?(_ parameters: [FormParameter], signedFor claimed: Service? = nil) {
        let version = parameters.first { $0.name == "Version" }?.value
        guard let action = parameters.first(where: { $0.name == "Action" })?.value else { return nil }
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

extension HTTPRequest {
    /// Whether its body is a form. AWS doesn't read one that isn't said to be.
    fileprivate var hasForm: Bool {
        let type = headers.first(name: "content-type")?.prefix { $0 != ";" }.lowercased()
        return type?.filter { $0 != " " && $0 != "\t" } == "application/x-www-form-urlencoded"
    }
}

extension AWSError {
    /// What asks for nothing is shown the way to the page about IAM, as STS does in captures of live answers; of IAM, which
    /// has the same front end, it is taken to be the same.
    fileprivate static func nothingAsked(query: String, of service: Service) -> AWSError {
        var error = AWSError.missingAction(service)
        error.status = 302
        error.location = "https://aws.amazon.com/iam" + (query.isEmpty ? "" : "?\(query)")
        return error
    }
}
