import CanonicalJSON
import Crypto
import Digests
import Evidence

/// A document written again, to be compared with the one in a bundle.
struct RewrittenFile {
    let digest: String
    let description: BundleFile

    /// Writes without keeping what it wrote: a document may be very large.
    init(_ document: BundleDocument) {
        let sink = Sink()
        var output = OutputBuffer { sink.append($0) }
        document.write(&output)
        output.finish()
        digest = sink.digest
        description = BundleFile(document.member, size: sink.size, sha256: digest)
    }

    /// ` (line 12: …)`: where it begins to differ from what is on disk; nothing where it doesn't. Both are in memory for
    /// it, which only a damaged bundle needs.
    static func firstDifference(_ document: BundleDocument, from other: [UInt8]?) -> String {
        guard let other else { return "" }
        var output = OutputBuffer()
        document.write(&output)
        let own = output.bytes
        guard own != other else { return "" }
        let same = own.commonPrefix(with: other)
        let isCut = same == own.count || same == other.count
        guard !isCut || own.lineCount == other.lineCount else {
            return " (\(other.lineCount) lines instead of \(own.lineCount))"
        }
        let line = own[..<same].lineCount
        // Of a long line the part where they part.
        let start = max(own[..<same].lastIndex(of: .lineFeed).map { $0 + 1 } ?? 0, same - 40)
        return " (line \(line): …\(other.line(from: start)), where it should say …\(own.line(from: start)))"
    }

    private final class Sink {
        private var hash = SHA256()
        private(set) var size = 0

        func append(_ bytes: Span<UInt8>) {
            unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
            size += bytes.count
        }

        var digest: String { hash.finalize().hexadecimal }
    }
}

extension UInt8 {
    fileprivate static let lineFeed = UInt8(ascii: "\n")
}

extension Collection<UInt8> {
    /// The lines, the one that it ends in among them.
    fileprivate var lineCount: Int { reduce(1) { $1 == .lineFeed ? $0 + 1 : $0 } }
}

extension [UInt8] {
    fileprivate func commonPrefix(with other: [UInt8]) -> Int {
        var place = 0
        while place < count, place < other.count, self[place] == other[place] { place += 1 }
        return place
    }

    /// From a place to the end of its line, or as much as goes into a message.
    fileprivate func line(from start: Int) -> String {
        // A character has many bytes at most, and no message gets longer for it.
        let line = self[start...].prefix(1000).prefix { $0 != .lineFeed }
        let text = String(decoding: line, as: UTF8.self)
        return text.count > 120 ? "\(text.prefix(120))…" : text
    }
}
