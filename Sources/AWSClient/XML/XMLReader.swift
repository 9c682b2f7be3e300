import CLibXML2

/// A cursor over one XML document, on libxml2's pull reader. Types decode themselves from it:
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
/// This is the only file that touches C pointers. The reader exists within ``read(_:_:)`` only, frees itself, never
/// loads a DTD or the network, and refuses a DOCTYPE at once. libxml2 itself stops at depth 256 and at a text of 10 MB.
@safe package struct XMLReader: ~Copyable {
    /// The elements directly inside one element.
    package struct Children {
        fileprivate let depth: Int32
        fileprivate var ended: Bool
    }

    private let reader: xmlTextReaderPtr
    /// For saying where it went wrong.
    private let document: [UInt8]
    private var elementName = ""

    private init(reader: xmlTextReaderPtr, document: [UInt8]) {
        unsafe self.reader = unsafe reader
        self.document = document
    }

    deinit {
        unsafe xmlFreeTextReader(reader)
    }

    private static let initialized: Void = xmlInitParser()

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
        initialized
        guard !document.isEmpty, document.count <= Int(Int32.max) else { throw .notXML }
        // libxml2 does not copy its buffer, so the reader must not outlive this closure.
        let result: Result<Value, XMLError> = unsafe document.withUnsafeBytes { bytes in
            xmlResetLastError()
            let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            guard
                let pointer = unsafe xmlReaderForMemory(start, Int32(bytes.count), nil, nil, Int32(bitPattern: options))
            else { return .failure(.notXML) }
            var reader = unsafe XMLReader(reader: pointer, document: document)
            do throws(XMLError) {
                let value = try body(&reader)
                try reader.finish()
                return .success(value)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Moves to the root element and gives its name, without a namespace prefix.
    package mutating func root() throws(XMLError) -> String {
        while try advance() {
            if unsafe xmlTextReaderNodeType(reader) == Node.element {
                return name()
            }
        }
        throw .notXML
    }

    /// The children of the element at which the reader stands, for ``next(in:)``.
    package func children() -> Children {
        unsafe Children(depth: xmlTextReaderDepth(reader), ended: xmlTextReaderIsEmptyElement(reader) == 1)
    }

    /// Moves to the next child element and gives its name; nil after the last. Whatever of the child before was not
    /// read is passed over.
    package mutating func next(in children: inout Children) throws(XMLError) -> String? {
        guard !children.ended else { return nil }
        while try advance() {
            let depth = unsafe xmlTextReaderDepth(reader)
            switch unsafe xmlTextReaderNodeType(reader) {
            case Node.element where depth == children.depth + 1: return name()
            case Node.endElement where depth == children.depth:
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
        let element = elementName
        guard unsafe xmlTextReaderIsEmptyElement(reader) == 0 else { return "" }
        let depth = unsafe xmlTextReaderDepth(reader)
        var text = ""
        while try advance() {
            switch unsafe xmlTextReaderNodeType(reader) {
            case Node.text, Node.cdata, Node.whitespace, Node.significantWhitespace:
                if let value = unsafe xmlTextReaderConstValue(reader) { text += unsafe String(cString: value) }
            case Node.endElement where unsafe xmlTextReaderDepth(reader) == depth: return text
            case Node.element: throw .unexpectedElement(name(), expected: "text of \(element)")
            default: continue
            }
        }
        throw .truncated
    }

    /// Reads what is left, to see that the document is whole.
    private mutating func finish() throws(XMLError) {
        while try advance() {}
    }

    /// One step. False at the end of a whole document.
    private mutating func advance() throws(XMLError) -> Bool {
        switch unsafe xmlTextReaderRead(reader) {
        case 0: return false
        case 1:
            let type = unsafe xmlTextReaderNodeType(reader)
            if type == Node.documentType || type == Node.entityReference { throw .doctype }
            return true
        default: throw failure()
        }
    }

    private mutating func name() -> String {
        guard let name = unsafe xmlTextReaderConstLocalName(reader) else { return "" }
        elementName = unsafe String(cString: name)
        return elementName
    }

    /// What libxml2 has to say. Its last error is kept per thread, and nothing suspends between the failing step and
    /// here.
    private func failure() -> XMLError {
        let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
        guard let first = document.first(where: { !isSpace($0) }), first == UInt8(ascii: "<"),
            let error = unsafe xmlGetLastError()
        else { return .notXML }
        // An error where the document ends is a document that ends too early: libxml2 has several other words for it. A
        // single byte of text it leaves unread and puts the error before it; of a few bytes it reads nothing at all.
        let end = (document.lastIndex { !isSpace($0) } ?? 0) + 1
        let place = unsafe offset(line: Int(error.pointee.line), column: Int(error.pointee.int2))
        if place >= end - 1 || end <= 4 { return .truncated }
        let message = unsafe error.pointee.message.map { unsafe String(cString: $0) } ?? "unknown"
        let line = unsafe Int(error.pointee.line)
        return .malformed(reason: message.split(separator: "\n").joined(separator: " "), line: line)
    }

    /// The offset in bytes of a place that libxml2 gives by line and column, both from 1.
    private func offset(line: Int, column: Int) -> Int {
        var start = 0
        for _ in 1..<max(1, line) {
            guard let newline = document[start...].firstIndex(of: 0x0a) else { break }
            start = newline + 1
        }
        return start + max(0, column - 1)
    }

    /// libxml2's node types, as the reader numbers them.
    private enum Node {
        static let element = Int32(XML_READER_TYPE_ELEMENT.rawValue)
        static let endElement = Int32(XML_READER_TYPE_END_ELEMENT.rawValue)
        static let text = Int32(XML_READER_TYPE_TEXT.rawValue)
        static let cdata = Int32(XML_READER_TYPE_CDATA.rawValue)
        static let whitespace = Int32(XML_READER_TYPE_WHITESPACE.rawValue)
        static let significantWhitespace = Int32(XML_READER_TYPE_SIGNIFICANT_WHITESPACE.rawValue)
        static let documentType = Int32(XML_READER_TYPE_DOCUMENT_TYPE.rawValue)
        static let entityReference = Int32(XML_READER_TYPE_ENTITY_REFERENCE.rawValue)
    }
}
