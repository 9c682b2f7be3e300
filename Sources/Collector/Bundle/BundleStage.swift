package import Evidence
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

    /// Writes the documents and makes the stage the bundle.
    package func publish(
        _ documents: [BundleDocument], account: String, run: String
    ) throws(BundleError) -> String {
        let path = destination(account: account, run: run)
        do {
            for document in documents {
                var file = try DurableFile(creating: stage.appending(document.file.path))
                try file.append(document.bytes)
                _ = try file.finish()
            }
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
