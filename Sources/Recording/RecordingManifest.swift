package import FoundationEssentials

/// The first line of a recording: what it is, of which account, made by what and when.
package struct RecordingManifest: Equatable, Sendable {
    /// The one format version that this code reads and writes.
    package static let formatVersion = 1

    package var created: Date
    /// The twelve-digit account that was recorded.
    package var account: String?
    /// Name and version of what made the recording.
    package var tool: String
    /// The instant at which the recorded answers are to be judged. Fixtures have one so that key ages don't depend on
    /// the day of the test; in a bundle it is the as-of instant.
    package var clock: Date?
    /// One sentence for the reader, in fixtures.
    package var description: String?

    package init(
        created: Date, account: String? = nil, tool: String, clock: Date? = nil, description: String? = nil
    ) {
        self.created = created
        self.account = account
        self.tool = tool
        self.clock = clock
        self.description = description
    }
}
