import CanonicalJSON
import FoundationEssentials
import NIOCore

/// The XML of an answer, written element by element.
///
/// AWS doesn't promise an order of elements, and keeps none: IsTruncated comes before Users in a real ListUsers. With a
/// generator the children of each structure are shuffled, which shows a client that counts on an order.
struct ResultXML {
    private(set) var bytes: ByteBuffer
    private var order: Order?

    private struct Order {
        var random: SplitMix64
        /// Where the children of the structures around begin.
        var children: [[Int]] = [[]]
    }

    /// - Parameters:
    ///   - opening: what stands before the first element.
    ///   - shuffle: the seed of an order of elements; nil keeps the written order.
    init(opening: String = "", shuffle: UInt64? = nil) {
        bytes = ByteBuffer()
        bytes.reserveCapacity(1024)
        bytes.writeString(opening)
        order = shuffle.map { Order(random: SplitMix64(seed: $0)) }
    }

    mutating func field(_ name: String, _ value: String) {
        child()
        open(name)
        text(value)
        close(name)
    }

    /// An element with a text in it, which is left out where the value is nil.
    mutating func field(_ name: String, _ value: String?) {
        if let value { field(name, value) }
    }

    mutating func field(_ name: String, _ value: Date?) {
        if let value { field(name, value.instant) }
    }

    mutating func field(_ name: String, _ value: Bool) {
        field(name, value ? "true" : "false")
    }

    mutating func field(_ name: String, _ value: Int) {
        field(name, String(value))
    }

    /// A field whose text is written as it has to be.
    mutating func field(_ name: String, verbatim write: (inout ByteBuffer) -> Void) {
        child()
        open(name)
        write(&bytes)
        close(name)
    }

    /// An element with others in it, in whatever order.
    mutating func structure(_ name: String, _ content: (inout ResultXML) -> Void) {
        child()
        open(name)
        order?.children.append([])
        content(&self)
        shuffle()
        close(name)
    }

    /// A list: an element `member` to each.
    mutating func list<Element>(
        _ name: String, of elements: some Sequence<Element>, member: String = "member",
        _ content: (inout ResultXML, Element) -> Void
    ) {
        child()
        open(name)
        for element in elements {
            open(member)
            order?.children.append([])
            content(&self, element)
            shuffle()
            close(member)
        }
        close(name)
    }

    /// Ends the outermost structure and hands out all text.
    ///
    /// - Parameter closing: what stands behind the last element.
    mutating func finish(closing: String = "") -> ByteBuffer {
        shuffle()
        bytes.writeString(closing)
        return bytes
    }

    // MARK: Text

    private mutating func open(_ name: String) {
        bytes.writeStaticString("<")
        bytes.writeString(name)
        bytes.writeStaticString(">")
    }

    private mutating func close(_ name: String) {
        bytes.writeStaticString("</")
        bytes.writeString(name)
        bytes.writeStaticString(">")
    }

    private mutating func text(_ value: String) {
        // Nearly all of it can stand as it is.
        let isPlain = value.utf8.allSatisfy { byte in
            byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "<") && byte != UInt8(ascii: "&")
                && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "\"")
        }
        bytes.writeString(isPlain ? value : value.xmlEscaped)
    }

    // MARK: Order

    private mutating func child() {
        guard let depth = order?.children.indices.last else { return }
        order?.children[depth].append(bytes.writerIndex)
    }

    /// Reorders the children of the innermost structure, which ends here.
    private mutating func shuffle() {
        guard var order, let starts = order.children.popLast() else { return }
        defer { self.order = order }
        guard let first = starts.first, starts.count > 1 else { return }
        let ends = starts.dropFirst() + [bytes.writerIndex]
        var parts = zip(starts, ends).map { start, end in
            Array(bytes.viewBytes(at: start, length: end - start) ?? bytes.readableBytesView[0..<0])
        }
        order.random.shuffle(&parts)
        bytes.moveWriterIndex(to: first)
        for part in parts { bytes.writeBytes(part) }
    }
}
