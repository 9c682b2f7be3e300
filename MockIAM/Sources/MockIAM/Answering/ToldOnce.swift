import Synchronization

/// What the log has said already and needn't say again: a client that asks for the wrong thing mostly asks often.
final class ToldOnce: Sendable {
    private let told = Mutex<Set<String>>([])

    /// Whether a text is told for the first time.
    func isFirst(_ text: String) -> Bool {
        told.withLock { $0.insert(text).inserted }
    }
}
