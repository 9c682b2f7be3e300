import FoundationEssentials
import NIOCore
import NIOHTTP1
import PlainText
import Recording

/// A caller's request whose signature was found right, without it: what is asked for, and how to ask for it.
struct ForwardedRequest {
    /// `ListUsers`
    let operation: String
    /// The signing name: `iam`, `sts` or `organizations`.
    let service: String
    /// The region that the caller signed for.
    let region: String
    /// Of the caller's headers, those that belong to the question.
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    /// The number of the attempt, from 1, as the caller's SDK tells it; 1 where it doesn't.
    let attempt: Int
}

extension ForwardedRequest {
    /// - Parameters:
    ///   - keys: secrets by access key id.
    ///   - allowsWrites: whether operations that change something may pass.
    /// - Throws: what the caller is to be told.
    init(
        _ request: HTTPRequest, verifier: SignatureVerifier, keys: [String: String], now: Date, allowsWrites: Bool
    ) throws(AWSError) {
        let scope = try Self.verified(request, verifier: verifier, keys: keys, now: now)
        guard request.path == "/" else { throw .unknownPath }
        guard request.method == .POST || request.method == .GET else { throw .methodNotAllowed(but: "GET", "POST") }
        let asked = Exchange.Request(
            method: request.method.rawValue, url: request.target,
            headers: request.headers.map { Exchange.Header(name: $0.name, value: $0.value) },
            body: Array(request.body.readableBytesView))
        // By one operation it is judged what may be written down; by another AWS might answer.
        guard asked.operations.count < 2 else { throw .validation("A request has one Action.") }
        guard let operation = asked.operation, operation.isPlainName else {
            throw .missingAction(Service(rawValue: scope.service) ?? .iam)
        }
        guard allowsWrites || Self.reads(operation) else {
            throw .accessDenied(
                "The recorder passes on what reads, and \(operation) isn't known to; --allow-writes passes on "
                    + "everything.")
        }
        let post = asked.asPost
        self.init(
            operation: operation, service: scope.service, region: scope.region,
            headers: ["Content-Type", "X-Amz-Target"].compactMap { name in
                if post != asked, name == "Content-Type" {
                    return (name, "application/x-www-form-urlencoded; charset=utf-8")
                }
                return request.headers.first(name: name).map { (name, $0) }
            },
            body: post.body, attempt: request.headers.first(name: "amz-sdk-request").flatMap(Self.attempt) ?? 1)
    }

    private static func verified(
        _ request: HTTPRequest, verifier: SignatureVerifier, keys: [String: String], now: Date
    ) throws(AWSError) -> CredentialScope {
        let message = SignedMessage(
            method: request.method.rawValue, target: request.target,
            headers: request.headers.map { (name: $0.name, value: $0.value) },
            body: Array(request.body.readableBytesView))
        do throws(SignatureError) {
            let claim = try SignatureClaim(message, query: try QueryString(message.query))
            let scope = try Credential(claim.credential).scope
            let service = Service(rawValue: scope.service) ?? .iam
            _ = try verifier.verify(
                message, scope: SignatureScope(service: service.rawValue, regions: .anyKnown), now: [now]
            ) { id in
                // A test's key has whatever session token the test has.
                keys[id].map { KnownKey(secret: $0, sessionToken: claim.sessionToken) }
            }
            return scope
        } catch {
            throw AWSError(status: error.status, code: error.code, message: error.message)
        }
    }

    /// Whether an operation changes nothing and hands out no credentials, by AWS's habits of naming.
    private static func reads(_ operation: String) -> Bool {
        if operation == "GenerateCredentialReport" { return true }
        return ["Get", "List", "Describe", "Simulate"].contains { operation.hasPrefix($0) }
            && !operation.contains("Token")
    }

    /// `attempt=2; max=3`, as AWS's SDKs send it.
    private static func attempt(_ header: String) -> Int? {
        let parts = header.split(separator: ";").map { $0.filter { $0 != " " } }
        return parts.first { $0.hasPrefix("attempt=") }.flatMap { Int($0.dropFirst("attempt=".count)) }
            .flatMap { 1...100 ~= $0 ? $0 : nil }
    }
}

extension String {
    /// Whether it can be the name of an operation.
    fileprivate var isPlainName: Bool {
        1...64 ~= utf8.count && utf8.allSatisfy(\.isASCIIAlphanumeric)
    }
}
