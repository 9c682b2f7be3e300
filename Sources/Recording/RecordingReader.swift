import CanonicalJSON
import FoundationEssentials

/// A recording as a whole: its manifest and every exchange in order.
package struct RecordedExchanges: Sendable {
    package var manifest: RecordingManifest
    package var exchanges: [Exchange]
    /// What each exchange's line says the SHA-256 of its answer's body is, by position; nil where it doesn't say.
    ///
    /// Reading doesn't compare: hand-edited fixtures are legitimate, and replay needs no digest.
    package var statedDigests: [String?]

    package init(manifest: RecordingManifest, exchanges: [Exchange], statedDigests: [String?] = []) {
        self.manifest = manifest
        self.exchanges = exchanges
        self.statedDigests = statedDigests
    }

    /// Reads JSON Lines.
    ///
    /// - Parameters:
    ///   - bytes: the whole recording.
    ///   - sideFile: finds the bytes of a body that stands in a file of its own (`_bodyFile`), by the path as written.
    /// - Throws: ``RecordingError`` with the line. A last line that a kill cut off is an error too: a recording that
    ///   lost something must not pass for a whole one.
    package init(
        parsing bytes: some Collection<UInt8>,
        sideFile: (String) throws -> [UInt8] = { throw RecordingError("no side file '\($0)' here") }
    ) throws {
        var manifest: RecordingManifest?
        var exchanges: [Exchange] = []
        var statedDigests: [String?] = []
        // As an array, which is read many times faster than any collection; and line by line, as somebody's file may be
        // nothing but line feeds.
        let bytes = Array(bytes)
        var start = 0
        var number = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let line = Array(bytes[start..<end])
            start = end + 1
            number += 1
            guard !line.isEmpty else { continue }
            do {
                if manifest == nil {
                    manifest = try JSONReader.read(line) { try RecordingManifest(reading: &$0) }
                } else {
                    let entry = try JSONReader.read(line) { try HAREntry(reading: &$0) }
                    exchanges.append(try entry.exchange(sideFile: sideFile))
                    statedDigests.append(entry.sha256)
                }
            } catch let error as RecordingError {
                throw RecordingError(error.reason, line: number)
            } catch {
                let expected = manifest == nil ? "a recording's manifest {\"_recording\": …}" : "a HAR entry"
                throw RecordingError("not \(expected): \(error)", line: number)
            }
        }
        guard let manifest else { throw RecordingError("the recording is empty") }
        self.manifest = manifest
        self.exchanges = exchanges
        self.statedDigests = statedDigests
    }
}

extension RecordingManifest {
    /// Reads the first line.
    fileprivate init(reading json: inout JSONReader) throws {
        var fields: Fields?
        try json.object { name, json in
            if name == "_recording" { fields = try Fields(reading: &json) }
        }
        let line = try fields.required("_recording")
        let version = try line.formatVersion.required("formatVersion")
        guard version == Self.formatVersion else {
            throw RecordingError(
                "format version \(version) is unknown; this program reads version \(Self.formatVersion)")
        }
        self.init(
            created: try Date(recorded: try line.created.required("created")), account: line.account,
            tool: try line.tool.required("tool"), clock: try line.clock.map(Date.init(recorded:)),
            description: line.description)
    }

    private struct Fields {
        var account: String?
        var clock: String?
        var created: String?
        var description: String?
        var formatVersion: Int?
        var tool: String?

        init(reading json: inout JSONReader) throws {
            try json.presentMembers { name, json in
                switch name {
                case "account": account = try json.string()
                case "clock": clock = try json.string()
                case "created": created = try json.string()
                case "description": description = try json.string()
                case "formatVersion": formatVersion = try json.integer()
                case "tool": tool = try json.string()
                default: break
                }
            }
        }
    }
}
