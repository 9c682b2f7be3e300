import FoundationEssentials

/// Turns a manifest and exchanges into the lines of a recording: JSON with sorted keys, one object a line, each ended
/// by LF.
///
/// The lines are independent, so a recording appends in flat memory and a kill leaves a valid prefix. `jq -s` makes a
/// HAR file of it:
///
///     jq -s '{log: {version: "1.2", creator: {name: "keywitness", version: "1"}, entries: .[1:]}}' exchanges.jsonl
package struct RecordingWriter {
    private let encoder = JSONEncoder()

    package init() {
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// The first line.
    package func line(_ manifest: RecordingManifest) throws -> [UInt8] {
        try encode(
            ManifestLine(
                _recording: ManifestLine.Body(
                    account: manifest.account,
                    clock: manifest.clock?.formatted(Date.ISO8601FormatStyle()),
                    created: manifest.created.formatted(Date.ISO8601FormatStyle()),
                    description: manifest.description,
                    formatVersion: RecordingManifest.formatVersion,
                    tool: manifest.tool
                )
            )
        )
    }

    package func line(_ exchange: Exchange) throws -> [UInt8] {
        try encode(HAREntry(exchange))
    }

    private func encode(_ value: some Encodable) throws -> [UInt8] {
        Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }
}

/// The manifest as it stands in the first line. The name `_recording` tells it from an entry.
struct ManifestLine: Codable {
    var _recording: Body

    struct Body: Codable {
        var account: String?
        var clock: String?
        var created: String
        var description: String?
        var formatVersion: Int
        var tool: String
    }
}
