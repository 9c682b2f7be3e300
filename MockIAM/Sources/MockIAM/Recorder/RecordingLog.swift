#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import FoundationEssentials
import Recording
import SystemPackage

/// The recording as it grows: a line for each exchange as soon as it has ended, so that a kill leaves a valid
/// beginning.
actor RecordingLog {
    nonisolated let path: String
    private let file: FileDescriptor
    private nonisolated let scrubber = Scrubber()
    private var anonymizer: MockIAM.Anonymizer?
    private var count = 0
    /// Of the one account that the upstream's credentials belong to, as soon as an answer has named it.
    private var account: String?

    /// Makes the directory and the file in it, with its manifest.
    ///
    /// - Throws: ``MockIAM/RecordingFailure``, also where there is a recording already.
    init(
        directory: String, manifest: RecordingManifest, anonymizer: MockIAM.Anonymizer?
    ) throws(MockIAM.RecordingFailure) {
        path = "\(directory.hasSuffix("/") ? String(directory.dropLast()) : directory)/exchanges.jsonl"
        self.anonymizer = anonymizer
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            file = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .append, .closeOnExec],
                permissions: .ownerReadWrite)
        } catch let error as Errno where error == .fileExists {
            throw MockIAM.RecordingFailure("\(path) exists and is left as it is; give another directory (--out)")
        } catch {
            throw MockIAM.RecordingFailure(
                "\(path) can't be made: \(error.inPlainWords); "
                    + "choose a directory to which you may write"
            )
        }
        do {
            let line = RecordingWriter.line(self.anonymizer?.anonymize(manifest) ?? manifest)
            _ = try file.writeAll(line)
        } catch {
            try? file.close()
            throw MockIAM.RecordingFailure("\(path) can't be written: \(error)")
        }
    }

    /// Whether the bodies of an operation are written down.
    nonisolated func keepsBodies(of operation: String) -> Bool {
        scrubber.keepsBodies(of: operation)
    }

    /// Writes an exchange without its secrets, under the next sequence number.
    ///
    /// - Throws: ``MockIAM/RecordingFailure`` where the disk doesn't take it.
    func append(_ exchange: Exchange) throws(MockIAM.RecordingFailure) {
        count += 1
        var clean = scrubber.scrub(exchange)
        clean.sequence = count
        if account == nil { account = clean.response?.accountNamed }
        clean.account = account
        if let anonymous = anonymizer?.anonymize(clean) { clean = anonymous }
        do {
            // One write to a line: none is half there because another came between.
            _ = try file.writeAll(RecordingWriter.line(clean))
        } catch {
            throw MockIAM.RecordingFailure("\(path) can't be written: \(error)")
        }
    }

    /// Forces the recording to disk, and says how many exchanges there are.
    func finish() throws(MockIAM.RecordingFailure) -> Int {
        while fsync(file.rawValue) != 0 {
            let error = Errno(rawValue: errno)
            guard error == .interrupted else {
                try? file.close()
                throw MockIAM.RecordingFailure("\(path) can't be written: \(error)")
            }
        }
        do {
            try file.close()
        } catch {
            throw MockIAM.RecordingFailure("\(path) can't be written: \(error)")
        }
        return count
    }
}
