import CanonicalJSON
import Crypto
import Evidence
import FoundationEssentials
import SystemPackage

/// A bundle on its way to disk: a hidden folder beside its destination that becomes the bundle by one rename, when
/// everything in it is written and forced to disk. A kill at any point leaves the whole bundle or none of it.
package struct BundleStage: Sendable {
    private let output: FilePath
    private let stage: FilePath

    /// Makes the output folder, if it's missing, and the stage in it.
    ///
    /// - Throws: ``BundleError`` where the folder can't be written, before any call to AWS is made.
    package init(output: String) throws(BundleError) {
        self.output = FilePath(output)
        let name = ".stage-\(UUID().uuidString.lowercased())"
        stage = self.output.appending(name)
        do {
            try Self.makeFolder(self.output)
            try Self.makeFolder(stage)
            try Self.makeFolder(stage.appending("raw"))
            try Self.makeFolder(stage.appending("oscal"))
        } catch {
            throw BundleError.unwritable(path: output, reason: error.plainReason)
        }
    }

    /// Where the recording is written while the collection runs.
    var recordingPath: FilePath { stage.appending(BundlePath.recording) }

    /// Where the bundle of a run will be.
    package func destination(account: String, run: String) -> String {
        output.appending(account).appending(run).string
    }

    /// - Throws: ``BundleError`` where a bundle of this run is there already: evidence is never overwritten.
    package func checkFree(account: String, run: String) throws(BundleError) {
        let path = destination(account: account, run: run)
        if FileManager.default.fileExists(atPath: path) { throw .exists(path: path) }
    }

    /// Writes a document as it is made, and describes the file that came of it.
    func store(_ document: BundleDocument) throws(BundleError) -> BundleFile {
        let path = stage.appending(document.path)
        do {
            let file = try FileBeingWritten(creating: path)
            var output = OutputBuffer { file.append($0) }
            document.write(&output)
            output.finish()
            let (size, digest) = try file.finish()
            return BundleFile(
                path: document.path, size: size, sha256: digest.hexadecimal, mediaType: document.mediaType,
                role: document.role)
        } catch {
            throw .unwritable(path: path.string, reason: error.plainReason)
        }
    }

    /// Makes the stage the bundle.
    package func publish(account: String, run: String) throws(BundleError) -> String {
        let path = destination(account: account, run: run)
        do {
            for folder in ["raw", "oscal", "."] { try synchronizeFolder(stage.appending(folder)) }
            try Self.makeFolder(output.appending(account))
        } catch {
            throw .unwritable(path: path, reason: error.plainReason)
        }
        try checkFree(account: account, run: run)
        do {
            // Within one file system this is rename(2), which fails where another run has put a bundle there meanwhile.
            try FileManager.default.moveItem(atPath: stage.string, toPath: path)
            try synchronizeFolder(output.appending(account))
            try synchronizeFolder(output)
        } catch {
            throw .unwritable(path: path, reason: error.plainReason)
        }
        return path
    }

    /// Does something that writes to the stage, and says where it failed if it does: a full disk in mid-scan, say.
    func writing<Value: Sendable>(_ work: () async throws -> Value) async throws(BundleError) -> Value {
        do {
            return try await work()
        } catch {
            throw .unwritable(path: output.string, reason: error.plainReason)
        }
    }

    /// Takes the stage away after a run that came to nothing.
    package func discard() {
        // What can't be removed stays as a hidden folder that nobody takes for a bundle.
        try? FileManager.default.removeItem(atPath: stage.string)
    }

    private static func makeFolder(_ path: FilePath) throws {
        try FileManager.default.createDirectory(
            atPath: path.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
}

/// A file that documents write themselves to. They know nothing of files: what goes wrong is told at the end.
private final class FileBeingWritten {
    private var file: DurableFile?
    private var failure: (any Error)?

    init(creating path: FilePath) throws {
        file = try DurableFile(creating: path)
    }

    func append(_ bytes: [UInt8]) {
        guard failure == nil else { return }
        do { try file?.append(bytes) } catch { failure = error }
    }

    func finish() throws -> (size: Int, digest: SHA256Digest) {
        if let failure { throw failure }
        guard let file = file.take() else { throw Errno.badFileDescriptor }
        let size = file.size
        return (size, try file.finish())
    }
}
