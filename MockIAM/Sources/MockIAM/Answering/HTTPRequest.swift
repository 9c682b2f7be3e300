import NIOCore
import NIOHTTP1

/// One HTTP request, read whole.
struct HTTPRequest: Sendable {
    /// How long a body may be, in bytes. The longest that IAM and STS take, a token of 20,000 characters and policies, is
    /// far below. This much memory may be held for each client that sends slowly.
    static let bodyLimit = 1 << 17
    /// The same for the control interface.
    static let controlBodyLimit = 16 << 20
    /// The same for the accounts that the control interface is given, which may be many.
    static let stateBodyLimit = 256 << 20

    var method: HTTPMethod
    /// Path and query, as they came.
    var target: String
    var headers: HTTPHeaders
    var body: ByteBuffer

    init(method: HTTPMethod, target: String, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer()) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// The part of the target before the query; `/` where there is none.
    var path: Substring {
        let path = target.prefix { $0 != "?" }
        return path.isEmpty ? "/" : path
    }

    /// The part of the target after the first `?`.
    var query: Substring {
        target.firstIndex(of: "?").map { target[target.index(after: $0)...] } ?? ""
    }
}
