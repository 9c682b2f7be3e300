import FoundationEssentials
import MockIAM

/// A file that a script waits for or reads while the server runs: where it can be asked, what certificate to trust.
struct PlacedFile {
    let path: String

    /// - Throws: ``PlacedFileError`` with what to do.
    func write(_ text: String) throws {
        do {
            // Atomically: who sees the file sees all of it.
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw PlacedFileError(path: path, reason: error.inPlainWords)
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

    var description: String {
        "can't write \(path): \(reason); is its folder there and writable?"
    }
}
