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
    /// - Throws: ``BundleError``; also where there is one of this run.
    func stage(account: String, run: String) async throws(BundleError) -> BundleStage {
        let folder = try AccountFolder(of: account, in: path)
        try folder.checkFree(run)
        // Nobody takes a stage for abandoned before it is locked.
        let lock = try await folder.lock()
        folder.removeAbandonedStages(lock)
        return try BundleStage(in: folder, account: account, run: run)
    }
}
