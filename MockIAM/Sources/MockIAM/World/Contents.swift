import FoundationEssentials
import Synchronization

/// What a server answers from at the moment; it can be exchanged while the server runs.
final class Contents: Sendable {
    /// Where the answers of the Query protocol come from.
    enum Source: Sendable {
        case recording(Replay)
        case accounts
    }

    let world: World
    private let policy: MockIAM.RepeatPolicy
    private let state: Mutex<(source: Source, summary: String)>
    private let original: (source: Source, summary: String)

    /// - Throws: ``MockIAM/FixtureError`` for an answer that can't be sent.
    init(_ content: MockIAM.Content, options: MockIAM.Options) throws {
        let instant: Date? =
            switch content {
            case .recording(let fixture): fixture.clock
            case .accounts(let accounts): accounts.first?.clock
            }
        let clock = MockClock(at: instant ?? .now, isMoving: options.isClockMoving)
        policy = options.repeatPolicy
        world = World(content.accounts, clock: clock, seed: options.seed, testKeys: options.testKeys)
        original = (try content.source(policy), content.summary)
        state = Mutex(original)
    }

    var source: Source {
        state.withLock { $0.source }
    }

    /// In a few words, for the log.
    var summary: String {
        state.withLock(\.summary)
    }

    /// Answers from something else from now on.
    ///
    /// - Throws: ``MockIAM/FixtureError``; then nothing has changed.
    func replace(_ content: MockIAM.Content) throws {
        let source = try content.source(policy)
        state.withLock { $0 = (source, content.summary) }
        world.replace(content.accounts)
        if case .recording(let fixture) = content { world.clock.set(to: fixture.clock, isMoving: nil) }
    }

    func replace(_ accounts: [MockIAM.Account]) {
        let content = MockIAM.Content.accounts(accounts)
        state.withLock { $0 = (.accounts, content.summary) }
        world.replace(accounts)
    }

    /// As it was when the server started, the clock included.
    func reset() {
        state.withLock { $0 = original }
        if case .recording(let replay) = original.source { replay.reset() }
        world.reset()
        world.clock.reset()
    }
}

extension MockIAM.Content {
    fileprivate func source(_ policy: MockIAM.RepeatPolicy) throws -> Contents.Source {
        switch self {
        case .recording(let fixture): .recording(try Replay(fixture, policy: policy))
        case .accounts: .accounts
        }
    }

    fileprivate var accounts: [MockIAM.Account] {
        switch self {
        // Signatures, and whatever isn't of the Query protocol, need somebody to belong to.
        case .recording(let fixture): [MockIAM.Account(id: fixture.account ?? "111122223333")]
        case .accounts(let accounts): accounts.isEmpty ? [MockIAM.Account()] : accounts
        }
    }

    fileprivate var summary: String {
        switch self {
        case .recording(let fixture): "\(fixture.name): \(fixture.exchanges.count.counted("exchange"))"
        case .accounts(let accounts): accounts.map(\.summaryInWords).joined(separator: "; ")
        }
    }
}

extension MockIAM.Account {
    /// Without what was deleted, as lists have it.
    fileprivate var summaryInWords: String {
        let now = clock ?? .now
        var (users, keys) = (0, 0)
        for user in self.users where user.isThere(at: now) {
            users += 1
            keys += user.accessKeys.count { $0.isThere(at: now) }
        }
        return "account \(id): \(users.counted("user")), \(keys.counted("access key"))"
    }
}

extension Int {
    fileprivate func counted(_ noun: String) -> String {
        "\(self) \(noun)\(self == 1 ? "" : "s")"
    }
}
