package import FoundationEssentials

/// The clocks that a client goes by: parameters, so that tests can have time of their own.
package struct ClientClock: Sendable {
    /// The time of day, for signatures.
    package var now: @Sendable () -> Date
    /// The time since any fixed instant, which never goes back: for rates.
    package var uptime: @Sendable () -> Duration
    package var sleep: @Sendable (Duration) async throws -> Void
    /// From 0 to 1; spreads the retries.
    package var random: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> Date = { Date() }, uptime: (@Sendable () -> Duration)? = nil,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        let start = ContinuousClock.now
        self.now = now
        self.uptime = uptime ?? { ContinuousClock.now - start }
        self.sleep = sleep
        self.random = random
    }
}
