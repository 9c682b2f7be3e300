#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import FoundationEssentials
import SystemPackage

/// The folder of an account's bundles: a folder for each run, hidden ones of runs that are under way, and a lock for
/// publishing one after the other.
struct AccountFolder: Sendable {
    /// How long a run waits for others that are publishing.
    static let longestWait = Duration.seconds(120)
    /// How long it waits before it says so. Publishing takes less, as a rule.
    private static let unnoticedWait = Duration.seconds(1)

    let path: FilePath

    /// Makes the folder, if it's missing.
    init(of account: String, in output: FilePath) throws(BundleError) {
        path = output.appending(account)
        do {
            try makePrivateFolder(path)
            // Its own entry has to survive a crash as well.
            try synchronizeFolder(output)
        } catch {
            throw .unwritable(path: path.string, reason: error.plainReason)
        }
    }

    func bundle(of run: String) -> FilePath { path.appending(run) }

    /// - Throws: ``BundleError`` where a bundle of this run is there already: evidence is never overwritten.
    func checkFree(_ run: String) throws(BundleError) {
        let bundle = bundle(of: run).string
        // A link that leads nowhere is there too.
        if (try? FileManager.default.attributesOfItem(atPath: bundle)) != nil { throw .exists(path: bundle) }
    }

    /// - Throws: ``BundleError`` where another run is under way that is to have this name: one of the two would lose
    ///   all that it has read, at its end. Abandoned stages are gone before.
    func checkNobodyCollects(_ run: String, _ lock: borrowing FolderLock) throws(BundleError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path.string)) ?? []
        if let stage = names.first(where: { $0.hasPrefix(BundleStage.prefix(of: run)) }) {
            throw .underWay(path: bundle(of: run).string, stage: path.appending(stage).string)
        }
    }

    /// Waits until no other run is publishing here, and keeps others from it for as long as what is returned lives.
    ///
    /// - Parameters:
    ///   - goesOn: whether it is waited for also when the run was interrupted, as what it has should be published.
    ///   - waits: called once when it takes long, with the folder's path.
    /// - Throws: ``BundleError``, or `CancellationError`.
    func lock(
        evenIfInterrupted goesOn: Bool, _ waits: @Sendable (_ path: String) -> Void
    ) async throws -> FolderLock {
        let file = path.appending(".lock")
        let start = ContinuousClock.now
        var isSaid = false
        repeat {
            do {
                if let lock = try FolderLock.acquire(file, isFolder: false) { return lock }
            } catch {
                throw BundleError.unwritable(path: file.string, reason: error.plainReason)
            }
            if !goesOn { try Task.checkCancellation() }
            if !isSaid, ContinuousClock.now > start + Self.unnoticedWait {
                isSaid = true
                waits(path.string)
            }
            // In a task of its own, which isn't interrupted.
            await Task { try? await Task.sleep(for: .milliseconds(20)) }.value
        } while ContinuousClock.now < start + Self.longestWait
        throw BundleError.busy(path: path.string)
    }

    /// Makes a stage the bundle of a run: whole or not at all, and never in the place of something else.
    func publish(_ stage: FilePath, as run: String) throws(BundleError) {
        try checkFree(run)
        let destination = bundle(of: run)
        do {
            // Both are in the same folder, and so on one file system. Where a bundle appeared meanwhile, this fails; an
            // empty folder is replaced.
            guard unsafe rename(stage.string, destination.string) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            throw .unwritable(path: destination.string, reason: error.plainReason)
        }
        do { try synchronizeFolder(path) } catch {
            throw .unsynchronized(path: destination.string, reason: error.plainReason)
        }
    }

    /// Takes away what runs have left that were killed. One that is under way has its stage locked.
    func removeAbandonedStages(_ lock: borrowing FolderLock) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path.string)) ?? []
        for name in names where name.hasPrefix(BundleStage.prefix) {
            let stage = path.appending(name)
            do {
                guard let abandoned = try FolderLock.acquire(stage, isFolder: true) else { continue }
                try FileManager.default.removeItem(atPath: stage.string)
                _ = consume abandoned
            } catch {
                // Where it can't be told, as on some network file systems, or can't be removed, it stays.
                continue
            }
        }
    }
}

/// With everything on the way to it, readable by nobody else.
func makePrivateFolder(_ path: FilePath) throws {
    try FileManager.default.createDirectory(
        atPath: path.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
}
