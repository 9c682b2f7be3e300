import CanonicalJSON
import FoundationEssentials
import NIOCore
import NIOHTTP1
import Recording
import StrictYAML

/// The control interface, `/_mock/…`: how a test in any language looks at the emulator and changes it.
///
/// It needs no signature. It is for the machine that the emulator runs on; the emulator listens on loopback unless it is
/// told otherwise, and then whoever reaches it can reach this.
struct Control: Sendable {
    static let prefix = "/_mock/"

    let responder: Responder

    /// What a request of the control interface gets.
    struct Reply {
        var status = 200
        var body: [UInt8]

        init(status: Int = 200, _ value: some JSONWritable) {
            self.status = status
            body = CanonicalJSON.document(value)
        }
    }

    /// Nil for a request that isn't the control interface's.
    func answer(to request: HTTPRequest) -> Answer? {
        guard request.path.hasPrefix(Self.prefix) else { return nil }
        let reply: Reply
        do throws(ControlError) {
            reply = try self.reply(to: request)
        } catch {
            reply = Reply(status: error.status, error)
        }
        var headers = [
            Exchange.Header(name: "Content-Type", value: "application/json"),
            Exchange.Header(name: "Cache-Control", value: "no-store"),
        ]
        if let resource = resource(of: request), reply.status == 405 {
            // https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6
            headers.append(Exchange.Header(name: "Allow", value: resource.allowed.joined(separator: ", ")))
        }
        return Answer(status: reply.status, headers: headers, body: ByteBuffer(bytes: reply.body))
    }

    private func resource(of request: HTTPRequest) -> ControlResource? {
        ControlResource(rawValue: String(request.path.dropFirst(Self.prefix.count)))
    }

    private func reply(to request: HTTPRequest) throws(ControlError) -> Reply {
        // Whoever waits for a server asks with HEAD, as wait-on does (https://www.npmjs.com/package/wait-on). The body is
        // left out when the answer is sent.
        let method: HTTPMethod = request.method == .HEAD ? .GET : request.method
        // A page in a browser can send a form anywhere without asking; it can't set another type without asking first.
        if method != .GET, let origin = request.headers.first(name: "origin") {
            throw ControlError(status: 403, "requests from web pages (\(origin.printable())) are refused")
        }
        guard let resource = resource(of: request) else {
            throw ControlError(
                status: 404, "there is no '\(String(request.path.dropFirst(Self.prefix.count)).printable())' here",
                expected: ControlResource.allCases.map { Self.prefix + $0.rawValue })
        }
        guard resource.methods.contains(method) else {
            throw ControlError(
                status: 405, "\(request.path) has no \(request.method.rawValue)", expected: resource.allowed)
        }
        let body = String(decoding: request.body.readableBytesView, as: UTF8.self)
        switch resource {
        case .ready: return readiness
        case .reset: return reset()
        case .clock: return method == .GET ? clock : try setClock(body)
        case .clockAdvance: return try advanceClock(body)
        case .journal: return try journal(request)
        case .journalCounts: return Reply(Counts(responder.journal.counts))
        case .unmatched: return Reply(Entries(responder.journal.unmatched))
        case .verify: return try verify(body)
        case .faults:
            return method == .GET ? faults : method == .PUT ? try setFaults(body) : removeFaults()
        case .state: return method == .GET ? state : try setState(body)
        case .expireSessions:
            responder.world.expireSessions()
            return Reply(Done(done: "every temporary credential has expired"))
        case .reload: return try reload()
        case .stop:
            responder.lifecycle.stop()
            return Reply(status: 202, Done(done: "stopping"))
        }
    }
}

/// What the control interface has, by path.
enum ControlResource: String, CaseIterable {
    case ready
    case reset
    case clock
    case clockAdvance = "clock/advance"
    case journal
    case journalCounts = "journal/counts"
    case unmatched
    case verify
    case faults
    case state
    case expireSessions = "sessions/expire"
    case reload
    case stop

    /// The methods that are taken, by name.
    var allowed: [String] {
        methods.flatMap { $0 == .GET ? ["GET", "HEAD"] : [$0.rawValue] }
    }

    var methods: [HTTPMethod] {
        switch self {
        case .ready, .journalCounts, .unmatched: [.GET]
        case .reset, .clockAdvance, .verify, .expireSessions, .reload, .stop: [.POST]
        case .clock, .state: [.GET, .PUT]
        case .journal: [.GET, .DELETE]
        case .faults: [.GET, .PUT, .DELETE]
        }
    }
}

/// A control request that can't be done, as its answer says it.
struct ControlError: Error, JSONWritable {
    var status: Int
    var reason: String
    var expected: [String]

    init(status: Int = 400, _ reason: String, expected: [String] = []) {
        self.status = status
        self.reason = reason
        self.expected = expected
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("error", reason)
            if !expected.isEmpty {
                json.name("expected")
                json.array { json in
                    for text in expected { json.value(text) }
                }
            }
        }
    }
}
