import CLibXML2

/// A cursor over one XML document, on libxml2's push parser. Types decode themselves from it:
///
///     var children = xml.children()
///     while let name = try xml.next(in: &children) {
///         switch name {
///         case "UserName": userName = try xml.text()
///         case "CreateDate": created = try xml.date()
///         default: break  // unknown elements, and what is in them, are passed over
///         }
///     }
///
/// This is the only file that touches C pointers. The parser gets the document in pieces, as the cursor comes to their
/// end, and its events wait in a row: libxml2's own cursor takes twice the time, and stops at a text of 10 MB, which the
/// credential report of a large account exceeds. The reader exists within ``read(_:_:)`` only, frees itself, never loads
/// a DTD or the network, refuses a DOCTYPE at once, and stops at depth 256.
package struct XMLReader: ~Copyable {
    /// The elements directly inside one element.
    package struct Children {
        fileprivate let depth: Int
        fileprivate var ended: Bool
    }

    private let parser: PushParser
    /// The event at which the reader stands.
    private var event = PushParser.Event.end
    /// The number of open elements, the one that was entered last included.
    private var depth = 0
    private var elementName = ""

    private init(parser: PushParser) {
        self.parser = parser
    }

    /// Reads a whole document.
    ///
    /// - Parameters:
    ///   - document: the bytes; the encoding is the one that the document declares, or UTF-8.
    ///   - body: gets the reader, standing before the root element. What it leaves unread is read for it, so that a
    ///     document which is cut off or malformed after the interesting part is still an error.
    /// - Throws: ``XMLError``.
    package static func read<Value>(
        _ document: [UInt8], _ body: (inout XMLReader) throws(XMLError) -> Value
    ) throws(XMLError) -> Value {
        guard let parser = PushParser(document) else { throw .notXML }
        var reader = XMLReader(parser: parser)
        let value = try body(&reader)
        try parser.finish()
        return value
    }

    /// Moves to the root element and gives its name, without a namespace prefix.
    package mutating func root() throws(XMLError) -> String {
        while try advance() {
            if case .start = event { return elementName }
        }
        throw .notXML
    }

    /// The children of the element at which the reader stands, for ``next(in:)``.
    package func children() -> Children {
        if case .start = event { return Children(depth: depth, ended: false) }
        // Its end was read already.
        return Children(depth: depth + 1, ended: true)
    }

    /// Moves to the next child element and gives its name; nil after the last. Whatever of the child before was not
    /// read is passed over.
    package mutating func next(in children: inout Children) throws(XMLError) -> String? {
        guard !children.ended else { return nil }
        while try advance() {
            switch event {
            case .start where depth == children.depth + 1: return elementName
            case .end where depth == children.depth - 1:
                children.ended = true
                return nil
            default: continue
            }
        }
        throw .truncated
    }

    /// The text of the element at which the reader stands, with entities resolved and nothing trimmed. An element in it
    /// is an error.
    package mutating func text() throws(XMLError) -> String {
        String(decoding: try bytes(), as: UTF8.self)
    }

    /// As ``text()``, in UTF-8.
    package mutating func bytes() throws(XMLError) -> [UInt8] {
        guard case .start = event else { return [] }
        let element = elementName
        var bytes: [UInt8] = []
        while try advance() {
            switch event {
            case .text(let start, let count): parser.append(from: start, count, to: &bytes)
            case .end: return bytes
            case .start: throw .unexpectedElement(elementName, expected: "text of \(element)")
            }
        }
        throw .truncated
    }

    /// One step. False at the end of a whole document.
    private mutating func advance() throws(XMLError) -> Bool {
        guard let next = try parser.next() else { return false }
        event = next
        switch next {
        case .start(let name):
            depth += 1
            elementName = parser.names[name]
        case .end: depth -= 1
        case .text: break
        }
        return true
    }
}

/// libxml2's push parser with what it has said and nobody has read yet.
@safe private final class PushParser {
    enum Event {
        /// An element begins; the place of its name in ``names``.
        case start(name: Int)
        case end
        /// Characters: where they begin in the text, and how many bytes they are.
        case text(start: Int, count: Int)
    }

    /// So much of the document is parsed at a time. The events of a piece take several times its size.
    private static let piece = 16 << 10
    private static let deepest = 256

    private static let initialized: Void = xmlInitParser()

    private let document: [UInt8]
    private var position = 0
    private var hasEnded = false
    /// Names of elements, each once.
    private(set) var names: [String] = []
    /// libxml2 keeps a name once a document, so that its address stands for it.
    private var namesByAddress: [UInt: Int] = [:]
    private var events: [Event] = []
    private var nextEvent = 0
    private var textBytes: [UInt8] = []
    private var depth = 0
    private var sawRoot = false
    private var isDiscarding = false
    private var refusal: XMLError?
    private var failure: XMLError?
    private var context: xmlParserCtxtPtr?

    init?(_ document: [UInt8]) {
        Self.initialized
        self.document = document
        guard !document.isEmpty else { return nil }
        var handler = unsafe xmlSAXHandler()
        unsafe handler.initialized = UInt32(XML_SAX2_MAGIC)
        unsafe handler.internalSubset = { parser, _, _, _ in unsafe PushParser.of(parser) { $0.refuse(.doctype) } }
        unsafe handler.reference = { parser, _ in unsafe PushParser.of(parser) { $0.refuse(.doctype) } }
        unsafe handler.startElementNs = { parser, name, _, _, _, _, _, _, _ in
            unsafe PushParser.of(parser) { unsafe $0.start(name) }
        }
        unsafe handler.endElementNs = { parser, _, _, _ in unsafe PushParser.of(parser) { $0.end() } }
        unsafe handler.characters = { parser, text, count in
            unsafe PushParser.of(parser) { unsafe $0.characters(text, Int(count)) }
        }
        unsafe handler.ignorableWhitespace = unsafe handler.characters
        unsafe handler.cdataBlock = unsafe handler.characters
        unsafe context = xmlCreatePushParserCtxt(
            &handler, Unmanaged.passUnretained(self).toOpaque(), nil, 0, nil)
        guard let context = unsafe context else { return nil }
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        unsafe xmlCtxtUseOptions(context, Int32(bitPattern: options))
    }

    deinit {
        if let context = unsafe context { unsafe xmlFreeParserCtxt(context) }
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?, _ body: (PushParser) -> Void) {
        guard let pointer = unsafe pointer else { return }
        unsafe Unmanaged<PushParser>.fromOpaque(pointer)._withUnsafeGuaranteedRef { body($0) }
    }

    /// What libxml2 says next; nil at the end of a whole document.
    func next() throws(XMLError) -> Event? {
        while nextEvent == events.count {
            // What stands before a mistake is read first.
            if let failure { throw failure }
            guard !hasEnded else { return nil }
            events.removeAll(keepingCapacity: true)
            textBytes.removeAll(keepingCapacity: true)
            nextEvent = 0
            parsePiece()
        }
        defer { nextEvent += 1 }
        return events[nextEvent]
    }

    /// Reads what is left, to see that the document is whole.
    func finish() throws(XMLError) {
        isDiscarding = true
        while failure == nil, !hasEnded { parsePiece() }
        if let failure { throw failure }
    }

    func append(from start: Int, _ count: Int, to bytes: inout [UInt8]) {
        bytes += textBytes[start..<(start + count)]
    }

    // MARK: Parsing

    private func parsePiece() {
        guard let context = unsafe context else { return }
        let count = min(Self.piece, document.count - position)
        let isEnd = count == 0
        let code: Int32 = unsafe document.withUnsafeBytes { bytes in
            let start = unsafe bytes.baseAddress.map { unsafe $0 + position }?.assumingMemoryBound(to: CChar.self)
            return unsafe xmlParseChunk(context, isEnd ? nil : start, Int32(count), isEnd ? 1 : 0)
        }
        position += count
        if isEnd { hasEnded = true }
        if let refusal {
            failure = refusal
        } else if code != 0 {
            failure = unsafe error(context, isAtEnd: isEnd)
        } else if isEnd, !sawRoot || depth > 0 {
            failure = startsLikeXML ? .truncated : .notXML
        }
    }

    private func refuse(_ error: XMLError) {
        guard refusal == nil else { return }
        refusal = error
        if let context = unsafe context { unsafe xmlStopParser(context) }
    }

    private func start(_ name: UnsafePointer<xmlChar>?) {
        depth += 1
        sawRoot = true
        if depth > Self.deepest { refuse(.malformed(reason: "elements are nested too deeply", line: 1)) }
        guard !isDiscarding, refusal == nil, let name = unsafe name else { return }
        let address = UInt(bitPattern: name)
        if let known = namesByAddress[address] {
            events.append(.start(name: known))
        } else {
            events.append(.start(name: names.count))
            namesByAddress[address] = names.count
            unsafe names.append(String(cString: name))
        }
    }

    private func end() {
        depth -= 1
        if !isDiscarding { events.append(.end) }
    }

    private func characters(_ text: UnsafePointer<xmlChar>?, _ count: Int) {
        guard !isDiscarding, count > 0, let text = unsafe text else { return }
        let start = textBytes.count
        unsafe textBytes.append(contentsOf: UnsafeBufferPointer(start: text, count: count))
        // One text comes in several pieces, where a reference or a line break is in it.
        if case .text(let first, let length)? = events.last, nextEvent < events.count, first + length == start {
            events[events.count - 1] = .text(start: first, count: length + count)
        } else {
            events.append(.text(start: start, count: count))
        }
    }

    // MARK: Errors

    private var startsLikeXML: Bool {
        document.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) } == UInt8(ascii: "<")
    }

    /// What libxml2 has to say.
    private func error(_ context: xmlParserCtxtPtr, isAtEnd: Bool) -> XMLError {
        guard startsLikeXML, let error = unsafe xmlCtxtGetLastError(UnsafeMutableRawPointer(context)) else {
            return .notXML
        }
        // An error that only the end brings up, within the root element, is an end that came too early: libxml2 has
        // several words for it.
        if isAtEnd, !sawRoot || depth > 0 { return .truncated }
        let message = unsafe error.pointee.message.map { unsafe String(cString: $0) } ?? "unknown"
        let line = unsafe Int(error.pointee.line)
        return .malformed(reason: message.split(separator: "\n").joined(separator: " "), line: line)
    }
}
