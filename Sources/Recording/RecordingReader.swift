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
        let decoder = JSONDecoder()
        var manifest: RecordingManifest?
        var exchanges: [Exchange] = []
        var statedDigests: [String?] = []
        var rest = bytes[...]
        var number = 0
        while !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest[line.endIndex...].dropFirst()
            number += 1
            guard !line.isEmpty else { continue }
            do {
                if manifest == nil {
                    manifest = try RecordingManifest(decoder.decode(ManifestLine.self, from: Data(line))._recording)
                } else {
                    let entry = try decoder.decode(HAREntry.self, from: Data(line))
                    exchanges.append(try entry.exchange(sideFile: sideFile))
                    statedDigests.append(entry._sha256)
                }
            } catch let error as RecordingError {
                throw RecordingError(error.reason, line: number)
            } catch {
                let expected = manifest == nil ? "a recording's manifest {\"_recording\": …}" : "a HAR entry"
                let reason = (error as? DecodingError)?.plainReason ?? "\(error)"
                throw RecordingError("not \(expected): \(reason)", line: number)
            }
        }
        guard let manifest else { throw RecordingError("the recording is empty") }
        self.manifest = manifest
        self.exchanges = exchanges
        self.statedDigests = statedDigests
    }

}

extension RecordingManifest {
    init(_ line: ManifestLine.Body) throws {
        guard line.formatVersion == Self.formatVersion else {
            throw RecordingError(
                "format version \(line.formatVersion) is unknown; this program reads version \(Self.formatVersion)")
        }
        self.init(
            created: try Date(recorded: line.created), account: line.account, tool: line.tool,
            clock: try line.clock.map(Date.init(recorded:)), description: line.description
        )
    }
}

/// The manifest as it stands in the first line.
struct ManifestLine: Decodable {
    var _recording: Body

    struct Body: Decodable {
        var account: String?
        var clock: String?
        var created: String
        var description: String?
        var formatVersion: Int
        var tool: String
    }
}
