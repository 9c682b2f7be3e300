/// Bytes on their way to a file or into memory. With somewhere to go they leave in pieces, so that a document of any
/// size takes no memory.
package struct OutputBuffer {
    /// How much is kept before it goes on.
    private static let piece = 1 << 16

    package private(set) var bytes: [UInt8] = []
    private let drain: ((_ bytes: [UInt8]) -> Void)?

    /// Keeps everything in ``bytes``.
    package init() {
        drain = nil
    }

    /// - Parameter drain: gets the bytes in order; the last of them with ``finish()``.
    package init(drain: @escaping (_ bytes: [UInt8]) -> Void) {
        self.drain = drain
        bytes.reserveCapacity(Self.piece + 4096)
    }

    package mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    package mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    package mutating func append(_ more: [UInt8]) {
        bytes.append(contentsOf: more)
    }

    /// Between two values: lets go of what has gathered.
    @inline(__always)
    package mutating func flushIfLarge() {
        if drain != nil, bytes.count >= Self.piece { flush() }
    }

    package mutating func finish() {
        if drain != nil, !bytes.isEmpty { flush() }
    }

    private mutating func flush() {
        drain?(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    /// Whether none of the bytes from an offset on needs escaping in a JSON string.
    func isPlain(from start: Int) -> Bool {
        let span = bytes.span
        for index in start..<span.count {
            let byte = span[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return false }
        }
        return true
    }

    mutating func removeAll(from start: Int) {
        bytes.removeSubrange(start...)
    }
}
