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
    package static func write(_ manifest: RecordingManifest, to output: inout OutputBuffer) {
        write(line: FirstLine(manifest: manifest), to: &output)
    }

    /// A large answer leaves in pieces, if the output has somewhere to go.
    package static func write(_ exchange: Exchange, to output: inout OutputBuffer) {
        write(line: exchange, to: &output)
    }

    package static func line(_ manifest: RecordingManifest) -> [UInt8] {
        var output = OutputBuffer()
        write(manifest, to: &output)
        return output.bytes
    }

    package static func line(_ exchange: Exchange) -> [UInt8] {
        var output = OutputBuffer()
        write(exchange, to: &output)
        return output.bytes
    }

    private static func write(line: some JSONWritable, to output: inout OutputBuffer) {
        CanonicalJSON.write(line, linedLevels: 0, to: &output)
        output.append(UInt8(ascii: "\n"))
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
