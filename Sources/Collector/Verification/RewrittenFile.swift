import CanonicalJSON
import Crypto
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
        description = BundleFile(
            path: document.path, size: sink.size, sha256: digest, mediaType: document.mediaType, role: document.role)
    }

    /// ` (line 12: …)`: where it begins to differ from what is on disk; nothing where it doesn't. Both are in memory for
    /// it, which only a damaged bundle needs.
    static func firstDifference(_ document: BundleDocument, from other: [UInt8]?) -> String {
        guard let other else { return "" }
        var output = OutputBuffer()
        document.write(&output)
        guard output.bytes != other else { return "" }
        let ours = output.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let theirs = other.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let place = zip(ours, theirs).enumerated().first(where: { !$1.0.elementsEqual($1.1) })?.offset else {
            return " (\(theirs.count) lines instead of \(ours.count))"
        }
        func shown(_ line: some Sequence<UInt8>) -> String {
            let text = String(decoding: Array(line), as: UTF8.self)
            return text.count > 120 ? "\(text.prefix(120))…" : text
        }
        // Of a long line the part where they part.
        let (own, found) = (Array(ours[place]), Array(theirs[place]))
        let same = zip(own, found).prefix { $0 == $1 }.count
        let start = max(0, same - 40)
        return " (line \(place + 1): …\(shown(found[start...])), where it should say …\(shown(own[start...])))"
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
