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
    private let write: Write
    /// How long the file is with whole lines only, in bytes; nil once that can't be restored.
    private var length: Int64?
    private nonisolated let scrubber = Scrubber()
    private var anonymizer: MockIAM.Anonymizer?
    private var count = 0
    /// How many exchanges aren't in it because the disk didn't take them.
    private var missing = 0
    /// Of the one account that the upstream's credentials belong to, as soon as an answer has named it.
    private var account: String?

    typealias Write = @Sendable (_ line: [UInt8], _ file: FileDescriptor) throws -> Void

    /// Makes the directory and the file in it, with its manifest.
    ///
    /// - Parameter write: writes all of a line, or throws and has maybe written a part of it.
    /// - Throws: ``MockIAM/RecordingFailure``, also where there is a recording already.
    init(
        directory: String, manifest: RecordingManifest, anonymizer: MockIAM.Anonymizer?,
        write: @escaping Write = { line, file in _ = try file.writeAll(line) }
    ) throws(MockIAM.RecordingFailure) {
        self.write = write
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
            try write(line, file)
            length = Int64(line.count)
        } catch {
            try? file.close()
            // It has no exchange yet, and would stand in the way of the next try.
            try? FileManager.default.removeItem(atPath: path)
            throw MockIAM.RecordingFailure("\(path) can't be written: \(error)")
        }
    }

    /// Whether the bodies of an operation are written down.
    nonisolated func keepsBodies(of operation: String) -> Bool {
        scrubber.keepsBodies(of: operation)
    }

    /// Writes an exchange without its secrets, under the next sequence number. What couldn't be written whole isn't there
    /// at all, so that what comes later stands on a line of its own.
    ///
    /// - Throws: ``MockIAM/RecordingFailure`` where the disk doesn't take it.
    func append(_ exchange: Exchange) throws(MockIAM.RecordingFailure) {
        guard let length else {
            missing += 1
            throw MockIAM.RecordingFailure("\(path) ends in half a line, so nothing more can be written to it")
        }
        var clean = scrubber.scrub(exchange)
        clean.sequence = count + 1
        if account == nil { account = clean.response?.accountNamed }
        clean.account = account
        if let anonymous = anonymizer?.anonymize(clean) { clean = anonymous }
        let line = RecordingWriter.line(clean)
        do {
            // One write to a line: none is half there because another came between.
            try write(line, file)
            self.length = length + Int64(line.count)
            count += 1
        } catch {
            // Such as a full disk.
            missing += 1
            if ftruncate(file.rawValue, off_t(length)) != 0 { self.length = nil }
            throw MockIAM.RecordingFailure("\(path) can't be written: \(error)")
        }
    }

    /// Forces the recording to disk, and says how many exchanges there are.
    ///
    /// - Throws: ``MockIAM/RecordingFailure``, also where there should be more: it would look like a whole recording.
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
        guard missing == 0 else {
            throw MockIAM.RecordingFailure(
                "\(path) has \(count) exchanges, and \(missing) that were answered are missing: they could not be written"
            )
        }
        return count
    }
}
