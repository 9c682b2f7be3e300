import CanonicalJSON
import Digests
import Evidence
import FoundationEssentials
import SystemPackage

/// A bundle on its way to disk: a hidden folder beside its destination that becomes the bundle by one rename, when
/// everything in it is written and forced to disk. A kill at any point leaves the whole bundle or none of it.
struct BundleStage: ~Copyable {
    static let prefix = ".stage-"

    /// What the names of a run's stages begin with.
    static func prefix(of run: String) -> String { "\(prefix)\(run)-" }

    let account: String
    let run: String
    private let folder: AccountFolder
    private let path: FilePath
    /// While the run lives, no other takes the stage away.
    private let lock: FolderLock?

    init(in folder: AccountFolder, account: String, run: String) throws(BundleError) {
        self.account = account
        self.run = run
        self.folder = folder
        path = folder.path.appending(Self.prefix(of: run) + UUID().uuidString.lowercased())
        do {
            for part in [path, path.appending("raw"), path.appending("oscal")] { try makePrivateFolder(part) }
        } catch {
            try? FileManager.default.removeItem(atPath: path.string)
            throw .unwritable(path: path.string, reason: error.plainReason)
        }
        // Not every file system can lock a folder; then nobody can take it for abandoned either.
        lock = try? FolderLock.acquire(path, isFolder: true)
    }

    /// Where the recording is written while the collection runs.
    var recordingPath: FilePath { path.appending(BundleMember.recording.path) }

    /// The bundle that it is to become.
    var destination: String { folder.bundle(of: run).string }

    /// Writes a document as it is made, and describes the file that came of it.
    func store(_ document: BundleDocument) throws(BundleError) -> BundleFile {
        let path = path.appending(document.member.path)
        do {
            let file = try FileBeingWritten(creating: path)
            var output = OutputBuffer { file.append($0) }
            document.write(&output)
            output.finish()
            let (size, digest) = try file.finish()
            return BundleFile(document.member, size: size, sha256: digest.hexadecimal)
        } catch {
            throw .unwritable(path: path.string, reason: error.plainReason)
        }
    }

    /// Writes what is made over the checksums.
    func store(_ bytes: [UInt8], as member: BundleMember) throws(BundleError) {
        let path = path.appending(member.path)
        do {
            let file = try FileBeingWritten(creating: path)
            file.append(bytes.span)
            _ = try file.finish()
        } catch {
            throw .unwritable(path: path.string, reason: error.plainReason)
        }
    }

    /// Does the last things under the lock of the account's folder, and makes the stage the bundle.
    ///
    /// - Parameters:
    ///   - waits: called when others that are publishing keep it waiting, with the folder's path.
    ///   - seal: writes what depends on the run before this one.
    /// - Returns: the bundle's path.
    func publish(
        _ waits: @Sendable (_ path: String) -> Void, _ seal: (ChainLink) async throws -> Void
    ) async throws -> String {
        let lock = try await folder.lock(evenIfInterrupted: true, waits)
        try folder.checkFree(run)
        try await seal(try RunChain(in: folder, of: account).next)
        do {
            for part in [path.appending("raw"), path.appending("oscal"), path] { try synchronizeFolder(part) }
        } catch {
            throw BundleError.unwritable(path: path.string, reason: error.plainReason)
        }
        try folder.publish(path, as: run)
        _ = consume lock
        return destination
    }

    /// Does something that writes to the stage, and says where it failed if it does: a full disk in mid-scan, say.
    func writing<Value: Sendable>(_ work: () async throws -> Value) async throws(BundleError) -> Value {
        do {
            return try await work()
        } catch {
            throw .unwritable(path: path.string, reason: error.plainReason)
        }
    }

    /// Takes the stage away after a run that came to nothing.
    func discard() {
        // What can't be removed stays as a hidden folder that nobody takes for a bundle.
        try? FileManager.default.removeItem(atPath: path.string)
    }
}
