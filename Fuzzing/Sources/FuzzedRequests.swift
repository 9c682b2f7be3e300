import FoundationEssentials
@testable import MockIAM
import NIOCore
import NIOHTTP1
import Recording

/// Asks the emulator, without its network, whatever bytes say, and looks at the answers.
///
/// An input is lines of text: how signatures are checked (`strict`, `lenient`, `off`) or `replay`, and then requests,
/// which a line `----` keeps apart:
///
///     off
///     POST / HTTP/1.1
///     Content-Type: application/x-www-form-urlencoded
///
///     Action=ListUsers&Version=2010-05-08
///     ----
///     GET /_mock/journal HTTP/1.1
///
struct FuzzedRequests {
    static let shared = FuzzedRequests()

    private let servers: [(name: String, responder: Responder)]

    private init() {
        do {
            servers = try ["strict", "lenient", "off", "replay"].map { ($0, try Responder.fuzzed($0)) }
        } catch {
            fatalError("the server to ask can't be made: \(error)")
        }
    }

    func `try`(_ input: [UInt8]) throws {
        let lines = Lines(input)
        let server = servers.first { $0.name.utf8.elementsEqual(lines.first) } ?? servers[0]
        let responder = server.responder
        // Each input stands for itself, or it couldn't be tried again.
        responder.content.reset()
        responder.journal.clear()
        responder.faults.replace(MockIAM.FaultPlan(), at: .zero)
        for request in lines.requests { try check(responder, request) }
        let journal = responder.reply(to: HTTPRequest(method: .GET, target: "/_mock/journal"))
        try FuzzedAnswer(journal.answer).check(isOwn: true)
    }

    private func check(_ responder: Responder, _ request: HTTPRequest) throws {
        let reply = responder.reply(to: request)
        let isHEAD = request.method == .HEAD
        // A recording's bodies, and what faults make of an answer, may be anything.
        var isOwn = reply.faults == nil
        if case .recording = responder.content.source { isOwn = false }
        try FuzzedAnswer(reply.answer).check(isOwn: isOwn)
        let bytes = reply.answer.bytes(date: reply.date, toHEAD: isHEAD, closing: true)
        guard bytes.readableBytes > 0 else { throw FuzzFinding("an answer without bytes") }
        if let faults = reply.faults {
            let delivery = Delivery(
                of: reply.answer, date: reply.date, faults: faults.wire, toHEAD: isHEAD, closing: false)
            guard delivery.body.byteCount >= 0 else { throw FuzzFinding("an answer of negative length") }
        }
    }
}

/// An answer that has to be HTTP, and XML or JSON where it says so.
private struct FuzzedAnswer {
    let answer: Answer

    init(_ answer: Answer) {
        self.answer = answer
    }

    /// - Parameter isOwn: whether the emulator itself wrote the body.
    func check(isOwn: Bool) throws {
        guard 200..<600 ~= answer.status else { throw FuzzFinding("status \(answer.status)") }
        var head = String(buffer: answer.head)[...]
        // What a client sent must not become a header of its own, or the end of the head.
        guard head.hasSuffix("\r\n") else { throw FuzzFinding("the head breaks off: \(head)") }
        head = head.dropLast()
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        guard lines.dropFirst().allSatisfy({ $0.contains(":") }),
            !lines.contains(where: { $0.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } })
        else { throw FuzzFinding("the head isn't HTTP: \(head)") }
        guard isOwn, answer.body.readableBytes > 0 else { return }
        let type = lines.lazy.map { $0.lowercased() }.first { $0.hasPrefix("content-type:") } ?? ""
        let body = Array(answer.body.readableBytesView)
        if type.contains("xml") {
            try XMLCheck.check(body)
        } else if type.contains("json") {
            guard (try? JSONDecoder().decode(AnyJSON.self, from: Data(body))) != nil else {
                throw FuzzFinding("no JSON: \(String(decoding: body, as: UTF8.self))")
            }
        }
    }
}

/// Any JSON value: only whether it is one counts.
private struct AnyJSON: Decodable {
    init(from decoder: any Decoder) throws {}
}

// MARK: What is asked

/// An input, cut into requests as they come out of an HTTP decoder: names and values without what it refuses.
private struct Lines {
    let first: ArraySlice<UInt8>
    let requests: [HTTPRequest]

    init(_ input: [UInt8]) {
        first = input.prefix { $0 != 0x0A }
        var rest = input.dropFirst(first.count + 1)
        var requests: [HTTPRequest] = []
        // More than these find nothing that these don't, and cost time.
        while !rest.isEmpty, requests.count < 8 {
            let end = rest.firstRange(of: Array("\n----\n".utf8))
            if let request = HTTPRequest(fuzzed: end.map { rest[..<$0.lowerBound] } ?? rest) {
                requests.append(request)
            }
            rest = end.map { rest[$0.upperBound...] } ?? []
        }
        self.requests = requests
    }
}

extension HTTPRequest {
    /// Nil where there is no request line.
    fileprivate init?(fuzzed bytes: ArraySlice<UInt8>) {
        let headEnd = bytes.firstRange(of: Array("\n\n".utf8))
        var lines = (headEnd.map { bytes[..<$0.lowerBound] } ?? bytes).split(separator: 0x0A)[...]
        guard let words = lines.popFirst()?.split(separator: 0x20, maxSplits: 2), words.count > 1 else { return nil }
        let method = String(decoding: words[0].filter(\.isToken), as: UTF8.self)
        let target = String(decoding: words[1].filter { $0 > 0x20 && $0 != 0x7F }, as: UTF8.self)
        var headers = HTTPHeaders()
        for line in lines {
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            guard parts.count == 2, parts[0].allSatisfy(\.isToken) else { continue }
            let value = parts[1].drop { $0 == 0x20 }.filter { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
            headers.add(name: String(decoding: parts[0], as: UTF8.self), value: String(decoding: value, as: UTF8.self))
        }
        let body = ByteBuffer(bytes: headEnd.map { bytes[$0.upperBound...] } ?? [])
        self.init(method: HTTPMethod(rawValue: method), target: target, headers: headers, body: body)
    }
}

extension UInt8 {
    /// A letter of a header's name: a "token" of RFC 9110, section 5.6.2.
    fileprivate var isToken: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}

// MARK: Who answers

extension Responder {
    /// A small organization with every kind of credential, its lists in small pages.
    fileprivate static func fuzzed(_ name: String) throws -> Responder {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let accounts = try MockIAM.Account.load(path: root.appending(path: "MockIAM/Accounts/organization.yaml").path)
        if name == "replay" {
            let fixture = try MockIAM.Fixture(path: root.appending(path: "MockIAM/Fixtures/demo-account").path)
            return try Responder(.recording(fixture), options: MockIAM.Options(repeat: .cycle, authentication: .off))
        }
        let mode = MockIAM.Authentication(rawValue: name) ?? .strict
        let options = MockIAM.Options(
            authentication: mode, pages: MockIAM.PageOptions(largest: 3, varies: mode == .lenient),
            variesElementOrder: mode == .off)
        return try Responder(.accounts(accounts), options: options)
    }
}
