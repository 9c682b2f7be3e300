import Synchronization

/// The retries of one client: its policy, what is left of its quota and its patience, and the rate at which it sends.
final class Retries: Sendable {
    /// One call, over all its attempts.
    struct Call {
        fileprivate let operation: OutagePatience.Subject
        fileprivate let service: OutagePatience.Subject
        /// What its last retry took from the quota.
        fileprivate var cost: Int?
        /// Its last attempt's place in the row.
        fileprivate var turn = RateLimiter.Place()
        /// Nil until its attempts are used up.
        fileprivate var wait: OutagePatience.Wait?

        /// Whether its attempts are used up, and it is made again because what ails it may pass.
        var waitsForOutage: Bool { wait != nil }

        /// Where nobody listens, all that is asked of the service waits.
        fileprivate func subjectWaitedFor(after reason: AWSError.Reason) -> OutagePatience.Subject {
            reason.isUnreachable ? service : operation
        }
    }

    /// How often a call that waits for the end of an outage looks whether it is over.
    private static let look = Duration.seconds(1)

    private let policy: RetryPolicy
    private let clock: ClientClock
    private let quota = Mutex(RetryQuota())
    private let patience: Mutex<OutagePatience>
    /// The services that have answered anything.
    private let answered = Mutex<Set<OutagePatience.Subject>>([])
    private let limiter: RateLimiter?

    init(_ policy: RetryPolicy, clock: ClientClock) {
        self.policy = policy
        self.clock = clock
        patience = Mutex(OutagePatience(policy.patience))
        let isLimited = policy.mode == .adaptive || policy.maximumRate != nil
        limiter = isLimited ? RateLimiter(maximum: policy.maximumRate, adapts: policy.mode == .adaptive) : nil
    }

    /// To be followed by ``ended()``.
    func newCall(of operation: String, to service: AWSService) -> Call {
        quota.withLock { $0.begin() }
        return Call(operation: .operation(operation), service: .service(service))
    }

    /// A call has ended, well or not.
    func ended() {
        quota.withLock { $0.end() }
    }

    /// Waits until a request may be sent.
    ///
    /// - Returns: false where the task was cancelled meanwhile.
    func admit(_ call: inout Call) async -> Bool {
        guard let limiter else { return true }
        repeat {
            let now = clock.uptime()
            call.turn = limiter.reserve(at: now)
            guard call.turn.time > now else { return true }
            guard (try? await clock.sleep(call.turn.time - now)) != nil else { return false }
        } while !limiter.stillHolds(call.turn)
        return true
    }

    func succeeded(_ call: inout Call) {
        noteAnswer(to: call)
        limiter?.accepted(at: clock.uptime())
        quota.withLock { $0.giveBack(call.cost) }
        call.cost = nil
    }

    /// Takes notice of an answer that is an error.
    func note(_ reason: AWSError.Reason, _ call: Call) {
        if case .service = reason {
            noteThatThereIs(call.service)
            if !RetryPolicy.mayPass(reason) { noteAnswer(to: call) }
        }
        guard let limiter else { return }
        if RetryPolicy.isThrottling(reason) {
            limiter.throttled(call.turn, at: clock.uptime())
        } else if case .service = reason {
            limiter.accepted(at: clock.uptime())
        }
    }

    private func noteAnswer(to call: Call) {
        noteThatThereIs(call.service)
        if policy.patience > .zero {
            patience.withLock { $0.noteAnswer(to: call.operation, by: call.service, at: clock.uptime()) }
        }
    }

    private func noteThatThereIs(_ service: OutagePatience.Subject) {
        answered.withLock { if !$0.contains(service) { $0.insert(service) } }
    }

    /// How long to wait before the next attempt, see ``wait(_:after:_:)``; nil where there is to be none.
    func delay(after attempt: Int, _ reason: AWSError.Reason, _ call: inout Call) -> Duration? {
        let hasAnswered = answered.withLock { $0.contains(call.service) }
        if call.wait == nil, policy.retries(reason, after: attempt, hasAnswered: hasAnswered),
            pays(for: reason, &call, hasAnswered: hasAnswered)
        {
            return policy.delay(after: attempt, random: clock.random())
        }
        guard policy.patience > .zero, RetryPolicy.mayPass(reason) else { return nil }
        // The quota keeps calls from coming fast; these are few and far between.
        let subject = call.subjectWaitedFor(after: reason)
        return patience.withLock { $0.pause(of: subject, &call.wait, at: clock.uptime(), random: clock.random()) }
    }

    /// Waits before the next attempt.
    ///
    /// - Throws: `CancellationError` where the task was cancelled meanwhile.
    func wait(_ delay: Duration, after reason: AWSError.Reason, _ call: inout Call) async throws {
        guard call.wait != nil else { return try await clock.sleep(delay) }
        let subject = call.subjectWaitedFor(after: reason)
        var left = delay
        while left > .zero, !patience.withLock({ $0.cutsShort(subject, &call.wait) }) {
            try await clock.sleep(min(left, Self.look))
            left -= Self.look
        }
    }

    /// Takes from the quota what a retry costs.
    ///
    /// - Returns: whether there was enough.
    private func pays(for reason: AWSError.Reason, _ call: inout Call, hasAnswered: Bool) -> Bool {
        // What nobody takes burdens nobody, and all calls that are under way meet with it at once.
        guard policy.hasQuota, !(hasAnswered && reason.isUnreachable) else { return true }
        guard let cost = quota.withLock({ $0.take(for: reason) }) else { return false }
        call.cost = cost
        return true
    }
}

/// Keeps a client from retrying without end when nothing works: 500 tokens, of which a retry costs 5, and 10 after a
/// time-out; a success gives back what its last retry cost, or 1.
///
/// 500 are meant for clients that make a few calls at a time. One that makes 64 loses them at a single incident: when a
/// way through the network falls silent, all calls that are under way time out together, and the 51st would get no second
/// attempt. The quota therefore holds two time-outs of each call of the most that were ever under way at once.
///
/// Source: botocore's retry quota, after the AWS SDKs' common specification of the mode `standard`.
struct RetryQuota {
    private static let capacity = 500
    private static let perCall = 20
    private var capacity = Self.capacity
    private var tokens = Self.capacity
    private var underWay = 0

    mutating func begin() {
        underWay += 1
        let more = underWay * Self.perCall - capacity
        guard more > 0 else { return }
        capacity += more
        tokens += more
    }

    mutating func end() {
        underWay -= 1
    }

    /// - Returns: what was taken; nil where there isn't enough.
    mutating func take(for reason: AWSError.Reason) -> Int? {
        var cost = 5
        if case .transport(let error) = reason, error.kind == .timedOut { cost = 10 }
        guard tokens >= cost else { return nil }
        tokens -= cost
        return cost
    }

    mutating func giveBack(_ cost: Int?) {
        tokens = min(capacity, tokens + (cost ?? 1))
    }
}
