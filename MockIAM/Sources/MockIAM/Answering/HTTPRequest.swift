import NIOCore
import NIOHTTP1

/// One HTTP request, read whole.
struct HTTPRequest {
    /// In bytes; AWS's own limit is of this order, and an emulator in a test has no business with more.
    static let bodyLimit = 1 << 20

    var method: HTTPMethod
    /// Path and query.
    var target: String
    var body: ByteBuffer

    init(method: HTTPMethod, target: String, body: ByteBuffer = ByteBuffer()) {
        self.method = method
        self.target = target
        self.body = body
    }
}
