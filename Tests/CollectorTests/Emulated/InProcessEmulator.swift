import FoundationEssentials
import NIOCore
import NIOHTTP1
import Synchronization

@testable import MockIAM

/// The emulator without a network, for tests that make very many calls.
final class InProcessEmulator: Sendable {
    struct Reply: Sendable {
        var status: Int
        var date: String
        var body: String
    }

    /// Looks at a call (its number from 1, its form) before it is answered.
    typealias Watch = @Sendable (_ call: Int, _ form: String, _ emulator: InProcessEmulator) -> Void

    private let responder: Responder
    private let watch: Watch
    /// What becomes of its answers on their way to ``collect(_:policy:exceptions:asOf:prepare:)``.
    let edit: Edit?
    private let calls = Mutex<[String: Int]>([:])

    init(
        _ account: MockIAM.Account, options: MockIAM.Options = MockIAM.Options(authentication: .off),
        edit: Edit? = nil, watch: @escaping Watch = { _, _, _ in }
    ) throws {
        responder = try Responder(.accounts([account]), options: options)
        self.watch = watch
        self.edit = edit
    }

    func advance(by seconds: TimeInterval) {
        responder.world.clock.advance(by: seconds)
    }

    /// Calls by action.
    var counts: [String: Int] { calls.withLock { $0 } }

    func answer(_ form: String) -> Reply {
        let action = form.split(separator: "&").first.map { String($0.dropFirst("Action=".count)) } ?? ""
        let number = calls.withLock { calls in
            calls[action, default: 0] += 1
            return calls.values.reduce(0, +)
        }
        watch(number, form, self)
        let isSTS = form.contains("Version=2011-06-15")
        let reply = responder.reply(
            to: .init(
                method: .POST, target: "/",
                headers: [
                    "Host": isSTS ? "sts.us-east-1.amazonaws.com" : "iam.amazonaws.com",
                    "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
                ], body: ByteBuffer(string: form)))
        return Reply(status: reply.answer.status, date: reply.date, body: String(buffer: reply.answer.body))
    }
}
