import NIOCore
import NIOHTTP1

/// A request on its way in.
struct IncomingRequest {
    private(set) var request: HTTPRequest
    /// Whether another one may follow on the same connection.
    let keepsAlive: Bool
    /// Whether the client sends the body when it is told to go on. A client of HTTP/1.0 would take that for the answer.
    let awaitsContinue: Bool
    /// Whether it is for the control interface.
    let isOfControl: Bool
    /// How many bytes the body may have.
    let limit: Int
    /// How many it has, as its head says; 0 where that doesn't tell.
    private let announced: Int
    /// Bytes of body so far. Of a body beyond the limit they aren't kept.
    private var received = 0

    /// - Parameter hasControl: whether there is a control interface, which takes larger bodies.
    init(_ head: HTTPRequestHead, hasControl: Bool = false) {
        request = HTTPRequest(method: head.method, target: head.uri.originForm, headers: head.headers)
        isOfControl = hasControl && request.path.hasPrefix(Control.prefix)
        limit =
            switch request.path {
            case "\(Control.prefix)\(ControlResource.state.rawValue)" where isOfControl: HTTPRequest.stateBodyLimit
            case _ where isOfControl: HTTPRequest.controlBodyLimit
            default: HTTPRequest.bodyLimit
            }
        announced = head.headers.first(name: "content-length").flatMap { UInt64($0) }.map { Int(clamping: $0) } ?? 0
        // The decoder takes what follows these for another protocol, and reads no more of it.
        let isUpgrade = head.method == .CONNECT || head.headers.contains(name: "upgrade")
        keepsAlive = head.isKeepAlive && head.version.minor > 0 && !isUpgrade
        // https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1: whatever the case of its letters.
        awaitsContinue =
            head.version.minor > 0
            && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
    }

    /// Whether the body is beyond the limit, as far as is known.
    var isTooLarge: Bool {
        max(received, announced) > limit
    }

    /// Whether so much more than the limit (16 MiB) has come already that the rest isn't even read.
    var isHopeless: Bool {
        received > limit + (16 << 20)
    }

    mutating func append(_ bytes: ByteBuffer) {
        received += bytes.readableBytes
        if isTooLarge { request.body = ByteBuffer() } else { request.body.writeImmutableBuffer(bytes) }
    }
}

extension String {
    /// A target as servers get it. As proxies get it, with scheme and authority before the path, every server has to
    /// take it, too: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
    fileprivate var originForm: String {
        guard let scheme = firstRange(of: "://"), ["http", "https"].contains(self[..<scheme.lowerBound].lowercased())
        else { return self }
        let path = self[scheme.upperBound...].drop { $0 != "/" && $0 != "?" }
        return path.hasPrefix("/") ? String(path) : "/\(path)"
    }
}
