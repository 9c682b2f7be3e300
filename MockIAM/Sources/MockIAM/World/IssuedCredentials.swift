/// The temporary credentials that were handed out and may still be good, by access key id.
///
/// A server that runs for weeks must not keep what ended long ago, so all of them are looked at now and then. Where most of
/// them are good, that must not be done for each new one: twice as many as were left may come together before the next
/// look, which makes it a few looks at each, however many there are.
struct IssuedCredentials: Sendable {
    private var byKey: [String: TemporaryCredentials] = [:]
    private let fewest: Int
    /// How many may come together before they are looked at.
    private var limit: Int

    /// - Parameter fewest: as many aren't worth a look.
    init(fewest: Int = 10_000) {
        self.fewest = fewest
        limit = fewest
    }

    var count: Int {
        byKey.count
    }

    subscript(accessKeyID: String) -> TemporaryCredentials? {
        byKey[accessKeyID]
    }

    /// - Parameter isOver: whether credentials aren't good any more, so that they may be forgotten.
    mutating func add(_ credentials: TemporaryCredentials, forgetting isOver: (TemporaryCredentials) -> Bool) {
        if byKey.count >= limit {
            byKey = byKey.filter { !isOver($0.value) }
            limit = max(fewest, 2 * byKey.count)
        }
        byKey[credentials.accessKeyID] = credentials
    }

    /// Ends all of them at once.
    mutating func expire() {
        byKey = byKey.mapValues { $0.expired() }
    }
}
