package import CanonicalJSON
import FoundationEssentials

/// Turns a manifest and exchanges into the lines of a recording: canonical JSON, one object a line, each ended by LF.
///
/// The lines are independent, so a recording appends in flat memory and a kill leaves a valid prefix. `jq -s` makes a HAR
/// file of it:
///
///     jq -s '{log: {version: "1.2", creator: {name: "keywitness", version: "1"}, entries: .[1:]}}' exchanges.jsonl
package enum RecordingWriter {
    /// The first line.
    package static func line(_ manifest: RecordingManifest) -> [UInt8] {
        CanonicalJSON.compact(FirstLine(manifest: manifest)) + [UInt8(ascii: "\n")]
    }

    package static func line(_ exchange: Exchange) -> [UInt8] {
        CanonicalJSON.compact(exchange) + [UInt8(ascii: "\n")]
    }
}

/// The name `_recording` tells the manifest's line from an entry.
private struct FirstLine: JSONWritable {
    let manifest: RecordingManifest

    func write(to json: inout JSONWriter) {
        json.object { $0.member("_recording", manifest) }
    }
}

extension RecordingManifest: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("account", account)
            json.member("clock", clock?.instant)
            json.member("created", created.instant)
            json.member("description", description)
            json.member("formatVersion", Self.formatVersion)
            json.member("tool", tool)
        }
    }
}
