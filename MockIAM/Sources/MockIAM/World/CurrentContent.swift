import FoundationEssentials
import Synchronization

/// What a server answers from at the moment: a ``MockIAM/Content`` that can be exchanged while the server runs.
final class CurrentContent: Sendable {
    /// Where the answers of IAM, STS and Organizations come from.
    enum Source: Sendable {
        case recording(Replay)
        case accounts
    }

    let world: World
    private let policy: MockIAM.RepeatPolicy
    private let state: Mutex<State>
    private let original: State

    private struct State {
        var content: MockIAM.Content
        var source: Source
        /// The clock that a recording, an account or a file has last given; nil where none has, since the start.
        var clock: Date?
    }

    /// - Throws: ``MockIAM/FixtureError`` for an answer that can't be sent.
    init(_ content: MockIAM.Content, options: MockIAM.Options) throws {
        let clock = MockClock(at: content.clock, isMoving: options.isClockMoving)
        policy = options.repeatPolicy
        world = World(content.accounts, clock: clock, seed: options.seed, testKeys: options.testKeys)
        original = State(content: content, source: try content.source(policy), clock: content.clock)
        state = Mutex(original)
    }

    var source: Source {
        state.withLock { $0.source }
    }

    /// What it is in a few words, for the log.
    var summary: String {
        state.withLock(\.content).summary
    }

    /// The files that the recording was read from; none for accounts.
    var files: [String] {
        if case .recording(let fixture) = state.withLock(\.content) { fixture.files } else { [] }
    }

    /// What spans count from in a file that is read again and has no clock; nil is the start. It is where the clock began
    /// that goes on, and not what it was moved to by hand: facts that are left as they are don't move with it.
    var instantOfSpans: Date? {
        state.withLock(\.clock)
    }

    /// Answers from something else from now on, unless it is what is answered from already.
    ///
    /// - Throws: ``MockIAM/FixtureError``; then nothing has changed.
    func replaceIfOther(_ content: MockIAM.Content) throws {
        if content != state.withLock(\.content) { replace(content, source: try content.source(policy)) }
    }

    func replace(_ accounts: [MockIAM.Account]) {
        replace(.accounts(accounts), source: .accounts)
    }

    /// A recording sets the clock to its own. Accounts do so where they have another one than those before: whoever
    /// changes a user and not the clock goes on at the time that it has become.
    private func replace(_ content: MockIAM.Content, source: Source) {
        let isRecording = if case .recording = source { true } else { false }
        let accounts = world.prepare(content.accounts)
        // In one step: of two that come at once, one is served whole.
        state.withLock { state in
            world.replace(accounts, clock: isRecording || content.clock != state.content.clock ? content.clock : nil)
            state = State(content: content, source: source, clock: content.clock ?? state.clock)
        }
    }

    /// As it was when the server started, the clock included.
    func reset() {
        state.withLock { state in
            state = original
            if case .recording(let replay) = original.source { replay.reset() }
            world.reset()
        }
    }
}

extension MockIAM.Content {
    /// The instant at which it is to be judged; nil for the time at which the server starts.
    var clock: Date? {
        switch self {
        case .recording(let fixture): fixture.clock
        case .accounts(let accounts): accounts.first?.clock
        }
    }

    fileprivate func source(_ policy: MockIAM.RepeatPolicy) throws -> CurrentContent.Source {
        switch self {
        case .recording(let fixture): .recording(try Replay(fixture, policy: policy))
        case .accounts: .accounts
        }
    }

    fileprivate var accounts: [MockIAM.Account] {
        switch self {
        // Signatures, and the credentials of SSO, containers and instances, need somebody to belong to.
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
