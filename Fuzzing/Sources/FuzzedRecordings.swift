import CanonicalJSON
import FoundationEssentials
@testable import MockIAM
import Recording

/// Reads bytes as recordings: JSON Lines, or a HAR document where the first key is `log`.
///
/// What can be read is written and read again, anonymized, listed, and replayed.
enum FuzzedRecordings {
    static func `try`(_ input: [UInt8]) throws {
        let isHAR = String(decoding: input.prefix(40), as: UTF8.self).contains("\"log\"")
        guard isHAR else {
            guard let recording = try? RecordedExchanges(parsing: input) else { return }
            return try check(recording)
        }
        guard let imported = try? MockIAM.HARImport(input) else { return }
        try check(imported.recording)
    }

    private static func check(_ recording: RecordedExchanges) throws {
        try checkWriting(recording)
        let scrubbed = recording.exchanges.map { Scrubber().scrub($0) }
        guard scrubbed.map({ Scrubber().scrub($0) }) == scrubbed else {
            throw FuzzFinding("a recording that is scrubbed twice is another one")
        }
        var anonymizer = MockIAM.Anonymizer(key: "fuzzing")
        let anonymous = anonymizer.anonymize(recording)
        try checkWriting(anonymous)
        do {
            _ = try RecordedExchanges(parsing: MockIAM.Conversion.bytes(recording, as: .jsonLines))
        } catch {
            throw FuzzFinding("what was converted can't be read: \(error)")
        }
        // A document with nothing of AWS's in it is refused.
        _ = try? MockIAM.HARImport(MockIAM.Conversion.bytes(recording, as: .har))
        let choice = MockIAM.RecordingListing.Choice(showsBodies: true)
        let text = MockIAM.RecordingListing(recording, name: "fuzzed", choice: choice).text
        guard !text.utf8.contains(where: { $0 < 0x20 && $0 != 0x0A || $0 == 0x7F }) else {
            throw FuzzFinding("control characters in a listing")
        }
        let fixture = MockIAM.Fixture(
            clock: recording.manifest.clock ?? recording.manifest.created, exchanges: recording.exchanges)
        _ = try? Replay(fixture, policy: .last)
    }

    private static func checkWriting(_ recording: RecordedExchanges) throws {
        let bytes = recording.exchanges.reduce(into: RecordingWriter.line(recording.manifest)) {
            $0 += RecordingWriter.line($1)
        }
        let again: RecordedExchanges
        do { again = try RecordedExchanges(parsing: bytes) } catch {
            throw FuzzFinding("what was written can't be read: \(error)")
        }
        let twice = again.exchanges.reduce(into: RecordingWriter.line(again.manifest)) {
            $0 += RecordingWriter.line($1)
        }
        guard twice == bytes else {
            throw FuzzFinding(
                "what was written is written otherwise when it was read: \(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
