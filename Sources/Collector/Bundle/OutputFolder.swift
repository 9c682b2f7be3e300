import FoundationEssentials
import SystemPackage

/// Where bundles are put: `<output>/<account>/<run>/`.
package struct OutputFolder: Sendable {
    private let path: FilePath

    /// Makes the folder, if it's missing.
    ///
    /// - Throws: ``BundleError`` where nothing can be written there, before any call to AWS is made.
    package init(_ path: String) throws(BundleError) {
        self.path = FilePath(path)
        do { try makePrivateFolder(self.path) } catch {
            throw .unwritable(path: path, reason: error.plainReason)
        }
        guard FileManager.default.isWritableFile(atPath: path) else {
            throw .unwritable(path: path, reason: "it is read-only, or another user's")
        }
    }

    /// Begins the bundle of a run.
    ///
    /// - Parameter waits: called when others that are publishing keep it waiting, with the folder's path.
    /// - Throws: ``BundleError``; also where there is one of this run, or will be. `CancellationError` where it was
    ///   interrupted.
    func stage(
        account: String, run: String, _ waits: @Sendable (_ path: String) -> Void = { _ in }
    ) async throws -> BundleStage {
        let folder = try AccountFolder(of: account, in: path)
        try folder.checkFree(run)
        // Nobody takes a stage for abandoned before it is locked.
        let lock = try await folder.lock(evenIfInterrupted: false, waits)
        folder.removeAbandonedStages(lock)
        try folder.checkNobodyCollects(run, lock)
        return try BundleStage(in: folder, account: account, run: run)
    }
}
