import FoundationEssentials
import NIOCore
import NIOHTTP1
import Synchronization

@testable import MockIAM

/// The emulator without a network, for tests that make very many calls, with a hand in what it says.
final class InProcessEmulator: Sendable {
    struct Reply: Sendable {
        var status: Int
        var date: String
        var body: String
    }

    /// Looks at a call (its number from 1, its form) before it is answered.
    typealias Watch = @Sendable (_ call: Int, _ form: String, _ emulator: InProcessEmulator) -> Void
    /// Changes an answer; the number is that of the call among those of its action.
    typealias Edit = @Sendable (_ action: String, _ number: Int, _ form: String, _ reply: Reply) -> Reply

    private let responder: Responder
    private let watch: Watch
    private let edit: Edit
    private let calls = Mutex<[String: Int]>([:])

    init(
        _ account: MockIAM.Account, options: MockIAM.Options = MockIAM.Options(authentication: .off),
        edit: @escaping Edit = { $3 }, watch: @escaping Watch = { _, _, _ in }
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
        let (number, all) = calls.withLock { calls in
            calls[action, default: 0] += 1
            return (calls[action] ?? 0, calls.values.reduce(0, +))
        }
        watch(all, form, self)
        let isSTS = form.contains("Version=2011-06-15")
        let reply = responder.reply(
            to: .init(
                method: .POST, target: "/",
                headers: [
                    "Host": isSTS ? "sts.us-east-1.amazonaws.com" : "iam.amazonaws.com",
                    "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
                ], body: ByteBuffer(string: form)))
        return edit(
            action, number, form,
            Reply(
                status: reply.answer.status, date: reply.date, body: String(buffer: reply.answer.body)))
    }
}
