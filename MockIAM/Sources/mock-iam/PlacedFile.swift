import FoundationEssentials
import MockIAM

/// A file that a script waits for or reads while the server runs: where it can be asked, what certificate to trust.
struct PlacedFile {
    let path: String

    /// Whether something is there that is neither a file nor a link to one: a device, a pipe, a folder. Replaced by a file it
    /// would be gone, for everybody.
    private var isOfOtherKind: Bool {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return false }
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        return isFolder || attributes?[.type] as? FileAttributeType != .typeRegular
    }

    /// - Throws: ``PlacedFileError`` with what to do.
    func write(_ text: String) throws {
        guard !isOfOtherKind else {
            throw PlacedFileError(path: path, reason: "something else than a file is there", advice: "name another one")
        }
        do {
            // Atomically: who sees the file sees all of it.
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw PlacedFileError(
                path: path, reason: error.inPlainWords, advice: "is its folder there and writable?")
        }
    }

    /// What it tells is no longer so, or not yet. Only a file goes: a folder that was named by mistake keeps what is in it.
    func remove() {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else { return }
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// A file that can't be written.
struct PlacedFileError: Error, CustomStringConvertible {
    let path: String
    let reason: String
    let advice: String

    var description: String { "can't write \(path): \(reason); \(advice)" }
}
