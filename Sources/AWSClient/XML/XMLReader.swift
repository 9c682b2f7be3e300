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
    private let length: Int
    private var seenElement = false
    private var elementName = ""

    private init(reader: xmlTextReaderPtr, length: Int) {
        unsafe self.reader = unsafe reader
        self.length = length
    }

    deinit {
        unsafe xmlFreeTextReader(reader)
    }

    private static let initialized: Void = xmlInitParser()

    /// Reads a whole document.
    ///
    /// - Parameters:
    ///   - document: the bytes; the encoding is the one that the document declares, or UTF-8.
    ///   - body: gets the reader, standing before the root element. What it leaves unread is read for it, so that a document which is cut
    ///     off or malformed after the interesting part is still an error.
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
            var reader = unsafe XMLReader(reader: pointer, length: bytes.count)
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
                seenElement = true
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
        guard seenElement else { return .notXML }
        guard let error = unsafe xmlGetLastError() else { return .malformed(reason: "unknown", line: 0) }
        // An error at the last byte is a document that ended too early; the parser has nothing else to say about it.
        if unsafe xmlTextReaderByteConsumed(reader) >= length { return .truncated }
        let message = unsafe error.pointee.message.map { unsafe String(cString: $0) } ?? "unknown"
        return unsafe .malformed(
            reason: message.split(separator: "\n").joined(separator: " "), line: Int(error.pointee.line))
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
