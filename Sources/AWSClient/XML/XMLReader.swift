import CLibXML2

/// A cursor over one XML document, on libxml2's push parser. Types decode themselves from it:
///
///     var children = xml.children()
///     while let name = try xml.next(in: &children) {
///         switch name {
///         case "UserName": userName = try xml.text()
///         case "CreateDate": created = try xml.date(name)
///         default: break  // unknown elements, and what is in them, are passed over
///         }
///     }
///
/// An element that is read, and whose name the same parent had before, is an error, but for the members of lists and the
/// entries of maps: who takes the first and who takes the last would read two things.
///
/// This is the only file that touches libxml2's pointers. The parser gets the document in pieces, as the cursor comes to
/// their end, and its events wait in a row: libxml2's own cursor takes twice the time, and stops at a text of 10 MB, which
/// the credential report of a large account exceeds. The reader exists within ``read(_:_:)`` only, frees itself, never loads
/// a DTD or the network, refuses a DOCTYPE at once, and stops at depth 256.
@safe package struct XMLReader: ~Copyable {
    /// The elements directly inside one element.
    package struct Children {
        fileprivate let depth: Int
        fileprivate var ended: Bool
        /// Whether the element itself is one too many.
        fileprivate var isRepeated = false
        /// Which names there were, by their places: the first 64 as bits, and the others, which no answer of AWS's has.
        fileprivate var seen: UInt64 = 0
        fileprivate var seenOthers: Set<Int> = []

        fileprivate mutating func insert(_ name: Int) -> Bool {
            guard name < 64 else { return seenOthers.insert(name).inserted }
            defer { seen |= 1 << UInt64(name) }
            return seen & (1 << UInt64(name)) == 0
        }
    }

    private let context: xmlParserCtxtPtr
    /// What libxml2 has said. By its address, because the parser hands it to each of its calls.
    private let said: UnsafeMutablePointer<ParserOutput>
    private let document: [UInt8]
    private var position = 0
    private var hasEnded = false

    /// The event at which the reader stands.
    private var event = ParserOutput.Event.end
    /// The number of open elements, the one that was entered last included.
    private var depth = 0
    private var elementName = ""
    /// The place of that name in ``ParserOutput/names``.
    private var elementPlace = 0
    /// Whether its parent had one of this name before.
    private var isRepeated = false

    /// So much of the document is parsed at a time. The events of a piece take several times its size.
    private static let piece = 16 << 10
    /// The most bytes that a tag may have. AWS's have one attribute at most, and libxml2 compares each with all before it.
    private static let longestTag = 64 << 10
    private static let initialized: Void = xmlInitParser()

    private init?(_ document: [UInt8]) {
        Self.initialized
        guard !document.isEmpty else { return nil }
        var handler = unsafe ParserOutput.handler()
        let said = UnsafeMutablePointer<ParserOutput>.allocate(capacity: 1)
        unsafe said.initialize(to: ParserOutput())
        guard let context = unsafe xmlCreatePushParserCtxt(&handler, said, nil, 0, nil) else {
            unsafe said.deinitialize(count: 1)
            unsafe said.deallocate()
            return nil
        }
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        unsafe xmlCtxtUseOptions(context, Int32(bitPattern: options))
        unsafe said.pointee.context = unsafe context
        unsafe self.context = unsafe context
        unsafe self.said = unsafe said
        self.document = document
    }

    deinit {
        unsafe xmlFreeParserCtxt(context)
        unsafe said.deinitialize(count: 1)
        unsafe said.deallocate()
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
        if document.count > longestTag, hasLongTag(document) {
            throw .malformed(reason: "a tag is longer than any of AWS's", line: nil)
        }
        guard var reader = XMLReader(document) else { throw .notXML }
        let value = try body(&reader)
        try reader.finish()
        return value
    }

    /// Whether a tag is longer than ``longestTag``.
    ///
    /// Only one with a stretch of that length without a `<` can be: at a `<` among attributes libxml2 gives up. So nearly
    /// all of a document of many short tags is jumped over.
    private static func hasLongTag(_ document: [UInt8]) -> Bool {
        let bytes = document.span
        // Where a tag begins, but for the start of the document.
        var start = 0
        while bytes.count - start > longestTag {
            var last = start + longestTag
            while last > start, bytes[last] != UInt8(ascii: "<") { last -= 1 }
            if last == start {
                if isLongTag(bytes, from: start) { return true }
                last = start + longestTag
                while last < bytes.count, bytes[last] != UInt8(ascii: "<") { last += 1 }
            }
            start = last
        }
        return false
    }

    /// Whether what begins there is a tag longer than ``longestTag``, as far as can be told without parsing: quotes in a
    /// tag may hold its end.
    private static func isLongTag(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        guard bytes[start] == UInt8(ascii: "<") else { return false }
        // What begins with `<!` or `<?` has no attributes.
        let isElement = bytes[start + 1] != UInt8(ascii: "!") && bytes[start + 1] != UInt8(ascii: "?")
        var quote: UInt8?
        for index in start + 1...start + longestTag {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: ">") {
                return false
            } else if isElement, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
        }
        return true
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
        if case .start = event { return Children(depth: depth, ended: false, isRepeated: isRepeated) }
        // Its end was read already.
        return Children(depth: depth + 1, ended: true)
    }

    /// Moves to the next child element and gives its name; nil after the last. Whatever of the child before was not
    /// read is passed over.
    package mutating func next(in children: inout Children) throws(XMLError) -> String? {
        guard !children.ended else { return nil }
        if children.isRepeated { throw .repeated(elementName) }
        while try advance() {
            switch event {
            case .start where depth == children.depth + 1:
                isRepeated = !children.insert(elementPlace) && elementName != "member" && elementName != "entry"
                return elementName
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
        try withText { String(decoding: $0, as: UTF8.self) }
    }

    /// As ``text()``, in UTF-8 and in pieces, as they come: for what is too large to be held.
    package mutating func readText(_ read: (ArraySlice<UInt8>) throws(XMLError) -> Void) throws(XMLError) {
        guard case .start = event else { return }
        if isRepeated { throw .repeated(elementName) }
        let element = elementName
        while try advance() {
            switch event {
            case .text(let start, let count): unsafe try read(said.pointee.text[start..<(start + count)])
            case .end: return
            case .start: throw .unexpectedElement(elementName, expected: "text of \(element)")
            }
        }
        throw .truncated
    }

    /// What becomes of the text of the element at which the reader stands.
    mutating func withText<Value>(_ read: (ArraySlice<UInt8>) -> Value) throws(XMLError) -> Value {
        guard case .start = event else { return read([]) }
        if isRepeated { throw .repeated(elementName) }
        // Nearly always it is one text, and there already.
        if case .text(let start, let count)? = unsafe said.pointee.upcoming(0),
            case .end? = unsafe said.pointee.upcoming(1)
        {
            unsafe said.pointee.skip(2)
            depth -= 1
            event = .end
            return unsafe read(said.pointee.text[start..<(start + count)])
        }
        var bytes: [UInt8] = []
        try readText { bytes += $0 }
        return read(bytes[...])
    }

    /// One step. False at the end of a whole document.
    private mutating func advance() throws(XMLError) -> Bool {
        while true {
            if let next = unsafe said.pointee.upcoming(0) {
                unsafe said.pointee.skip(1)
                event = next
                break
            }
            // What stands before a mistake is read first.
            if let failure = unsafe said.pointee.failure { throw failure }
            guard !hasEnded else { return false }
            unsafe said.pointee.clear()
            parsePiece()
        }
        switch event {
        case .start(let name):
            depth += 1
            elementName = unsafe said.pointee.names[name]
            elementPlace = name
            isRepeated = false
        case .end: depth -= 1
        case .text: break
        }
        return true
    }

    /// Reads what is left, to see that the document is whole.
    private mutating func finish() throws(XMLError) {
        unsafe said.pointee.isDiscarding = true
        while unsafe said.pointee.failure == nil, !hasEnded { parsePiece() }
        if let failure = unsafe said.pointee.failure { throw failure }
    }

    private mutating func parsePiece() {
        let count = min(Self.piece, document.count - position)
        let isEnd = count == 0
        let code: Int32 = unsafe document.withUnsafeBytes { bytes in
            let start = unsafe bytes.baseAddress.map { unsafe $0 + position }?.assumingMemoryBound(to: CChar.self)
            return unsafe xmlParseChunk(context, isEnd ? nil : start, Int32(count), isEnd ? 1 : 0)
        }
        position += count
        if isEnd { hasEnded = true }
        if let refusal = unsafe said.pointee.refusal {
            unsafe said.pointee.failure = refusal
        } else if code != 0 {
            unsafe said.pointee.failure = error(isAtEnd: isEnd)
        } else if isEnd, unsafe !said.pointee.sawRoot || said.pointee.depth > 0 {
            unsafe said.pointee.failure = startsLikeXML ? .truncated : .notXML
        }
    }

    // MARK: Errors

    private var startsLikeXML: Bool {
        document.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) } == UInt8(ascii: "<")
    }

    /// What libxml2 has to say.
    private func error(isAtEnd: Bool) -> XMLError {
        guard startsLikeXML, let error = unsafe xmlCtxtGetLastError(UnsafeMutableRawPointer(context)) else {
            return .notXML
        }
        // An error that only the end brings up, within the root element, is an end that came too early: libxml2 has
        // several words for it.
        if isAtEnd, unsafe !said.pointee.sawRoot || said.pointee.depth > 0 { return .truncated }
        let message = unsafe error.pointee.message.map { unsafe String(cString: $0) } ?? "unknown"
        let line = unsafe Int(error.pointee.line)
        return .malformed(reason: message.split(separator: "\n").joined(separator: " "), line: line)
    }
}

/// What libxml2's push parser has said and nobody has read yet.
@safe private struct ParserOutput {
    enum Event {
        /// An element begins; the place of its name in ``names``.
        case start(name: Int)
        case end
        /// Characters: where they begin in the text, and how many bytes they are.
        case text(start: Int, count: Int)
    }

    private static let deepest = 256

    var context: xmlParserCtxtPtr?
    /// Names of elements, each once.
    private(set) var names: [String] = []
    /// libxml2 keeps a name once a document, so that its address stands for it. The first few, which are all that AWS's
    /// answers have, are looked through; a hash takes longer.
    private var firstAddresses: [UInt] = []
    private var otherAddresses: [UInt: Int] = [:]
    private var events: [Event] = []
    private var nextEvent = 0
    private(set) var text: [UInt8] = []
    private(set) var depth = 0
    private(set) var sawRoot = false
    /// Nobody wants to know any more what stands there, but for mistakes.
    var isDiscarding = false
    private(set) var refusal: XMLError?
    var failure: XMLError?

    /// The calls that libxml2 makes, each with the address of the output.
    static func handler() -> xmlSAXHandler {
        var handler = unsafe xmlSAXHandler()
        unsafe handler.initialized = UInt32(XML_SAX2_MAGIC)
        unsafe handler.internalSubset = { output, _, _, _ in unsafe ParserOutput.at(output)?.pointee.refuse(.doctype) }
        unsafe handler.reference = { output, _ in unsafe ParserOutput.at(output)?.pointee.refuse(.doctype) }
        unsafe handler.startElementNs = { output, name, _, _, _, _, _, _, _ in
            unsafe ParserOutput.at(output)?.pointee.start(name)
        }
        unsafe handler.endElementNs = { output, _, _, _ in unsafe ParserOutput.at(output)?.pointee.end() }
        unsafe handler.characters = { output, text, count in
            unsafe ParserOutput.at(output)?.pointee.characters(text, Int(count))
        }
        unsafe handler.ignorableWhitespace = unsafe handler.characters
        unsafe handler.cdataBlock = unsafe handler.characters
        return unsafe handler
    }

    private static func at(_ address: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<ParserOutput>? {
        unsafe address?.assumingMemoryBound(to: ParserOutput.self)
    }

    func upcoming(_ offset: Int) -> Event? {
        nextEvent + offset < events.count ? events[nextEvent + offset] : nil
    }

    mutating func skip(_ count: Int) {
        nextEvent += count
    }

    mutating func clear() {
        events.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
        nextEvent = 0
    }

    private mutating func refuse(_ error: XMLError) {
        guard refusal == nil else { return }
        refusal = error
        if let context = unsafe context { unsafe xmlStopParser(context) }
    }

    private mutating func start(_ name: UnsafePointer<xmlChar>?) {
        depth += 1
        sawRoot = true
        if depth > Self.deepest { refuse(.malformed(reason: "elements are nested too deeply", line: nil)) }
        guard !isDiscarding, refusal == nil, let name = unsafe name else { return }
        let address = UInt(bitPattern: name)
        if let known = firstAddresses.firstIndex(of: address) ?? otherAddresses[address] {
            events.append(.start(name: known))
        } else {
            events.append(.start(name: names.count))
            if names.count < 16 { firstAddresses.append(address) } else { otherAddresses[address] = names.count }
            unsafe names.append(String(cString: name))
        }
    }

    private mutating func end() {
        depth -= 1
        if !isDiscarding { events.append(.end) }
    }

    private mutating func characters(_ bytes: UnsafePointer<xmlChar>?, _ count: Int) {
        guard !isDiscarding, count > 0, let bytes = unsafe bytes else { return }
        let start = text.count
        unsafe text.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        // One text comes in several pieces, where a reference or a line break is in it.
        if case .text(let first, let length)? = events.last, nextEvent < events.count, first + length == start {
            events[events.count - 1] = .text(start: first, count: length + count)
        } else {
            events.append(.text(start: start, count: count))
        }
    }
}
