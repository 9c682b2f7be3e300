import Crypto
import Evidence
import FoundationEssentials
import PlainText

/// `SHA256SUMS`, as strict as it is written: `sha256sum` reads more forms than this.
struct Checksums: Sendable {
    /// Digest by relative path.
    let digests: [String: String]
    /// What isn't as it is written, in one sentence each.
    let flaws: [String]

    init(parsing text: String) {
        var digests: [String: String] = [:]
        var flaws: [String] = []
        var last = ""
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty ?? false {
            lines.removeLast()
        } else {
            flaws.append("SHA256SUMS: the last line doesn't end")
        }
        if lines.contains(where: { $0.last == UInt8(ascii: "\r") }) {
            flaws.append(
                "SHA256SUMS has the line ends of Windows: something converted it on the way, and the other files as well, "
                    + "perhaps. Copy the bundle as it is, say in an archive")
        }
        for bytes in lines {
            // What the digests are is told all the same.
            let line = String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self)
            let digest = line.prefix(64)
            let path = String(line.dropFirst(66))
            guard line.dropFirst(64).hasPrefix("  "), !path.isEmpty, digest.utf8.count == 64,
                digest.utf8.allSatisfy({ $0.isASCIIDigit || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 })
            else {
                flaws.append("SHA256SUMS: not a digest and a path: '\(line.prefix(100))'")
                continue
            }
            if digests.updateValue(String(digest), forKey: path) != nil {
                flaws.append("SHA256SUMS: \(path) is named twice")
            }
            if path < last { flaws.append("SHA256SUMS: \(path) isn't in order") }
            last = path
        }
        self.digests = digests
        self.flaws = flaws
    }
}
