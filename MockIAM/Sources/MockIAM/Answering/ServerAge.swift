import FoundationEssentials

/// The time since the server was started, moved as its clock is moved: what tokens age by.
///
/// It goes on whether or not the emulator's clock stands still, since most clients' clocks do.
struct ServerAge: Sendable {
    let clock: MockClock
    private let start = ContinuousClock.now

    init(_ clock: MockClock) {
        self.clock = clock
    }

    var seconds: TimeInterval {
        (ContinuousClock.now - start).seconds + clock.advanced
    }
}
