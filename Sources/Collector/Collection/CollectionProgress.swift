/// How far a collection has come.
package struct CollectionProgress: Sendable, Equatable {
    package var usersDone: Int
    package var usersListed: Int
    /// Whether all users are listed; until then the number grows.
    package var isListingDone: Bool
    package var keys: Int
    package var calls: Int
    /// Calls that AWS refused because they came too fast.
    package var throttles: Int
    /// AWS hasn't made the credential report yet.
    package var waitsForReport: Bool
}
