import NIOCore

/// An attempt to connect: it ends once, well or not.
final class Attempt {
    var channel: (any Channel)?
    var timeout: Scheduled<Void>?
    private(set) var hasEnded = false

    func end(_ then: () -> Void) {
        guard !hasEnded else { return }
        hasEnded = true
        timeout?.cancel()
        timeout = nil
        channel = nil
        then()
    }
}
