import FoundationEssentials
import Recording

/// The files beside a recording that hold bodies of their own (`_bodyFile`).
///
/// A recording may come from anybody, so none of its paths leads out of its directory, by `..` or by a symbolic link.
struct SideFiles {
    let directory: URL

    func bytes(at path: String) throws -> [UInt8] {
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.hasPrefix("/"), !components.contains(".."), !components.contains("") else {
            throw RecordingError("_bodyFile '\(path)' must be a relative path that stays in the recording's directory")
        }
        let home = directory.resolvingSymlinksInPath().path
        let file = directory.appending(path: path).resolvingSymlinksInPath()
        guard file.path.hasPrefix(home.hasSuffix("/") ? home : home + "/") else {
            throw RecordingError("_bodyFile '\(path)' is a link that leaves the recording's directory")
        }
        do {
            return Array(try Data(contentsOf: file))
        } catch {
            throw RecordingError("_bodyFile '\(path)' can't be read: is it beside the recording?")
        }
    }
}
