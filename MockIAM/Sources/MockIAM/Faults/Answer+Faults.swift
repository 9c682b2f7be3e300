import NIOCore
import Recording

extension Answer {
    /// The answer without a `Date` of its own, so that it gets the server's.
    func withoutDate() -> Answer {
        guard hasDate else { return self }
        let lines = String(buffer: head).split(separator: "\r\n").dropFirst()
        let headers = lines.compactMap { line -> Exchange.Header? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return Exchange.Header(name: String(line[..<colon]), value: String(value))
        }
        return Answer(status: status, headers: headers.filter { $0.name.lowercased() != "date" }, body: body)
    }

    /// What a proxy or the login page of a network answers.
    static func html(_ html: MockIAM.FaultPlan.HTML) -> Answer {
        let title = html.status == 200 ? "Network sign-in" : "\(html.status) from the proxy"
        // HTML as it is written by hand: no XML reader comes to its end.
        let page = """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>\(title)</title></head>
            <body>
            <h1>\(title)</h1>
            <p>You have to sign in before you can go on.<br>Accept the terms &amp; conditions:
            <form method="post" action="/login"><input name="email"><button>Go on</button></form>
            </body>
            </html>

            """
        return Answer(
            status: html.status,
            headers: [
                Exchange.Header(name: "Content-Type", value: "text/html; charset=utf-8"),
                Exchange.Header(name: "Cache-Control", value: "no-store"),
            ],
            body: ByteBuffer(string: page)
        )
    }

    /// Gives the body a document type declaration, and names the entity that it declares at the end of the document.
    ///
    /// - Returns: false, with nothing changed, where the body isn't XML.
    mutating func declare(_ doctype: MockIAM.FaultPlan.Doctype) -> Bool {
        guard let root = body.rootElement, let end = body.endOfDocument else { return false }
        var text = body.getSlice(at: body.readerIndex, length: root.start - body.readerIndex) ?? ByteBuffer()
        text.writeString(doctype.declaration(root: root.name))
        text.writeImmutableBuffer(body.getSlice(at: root.start, length: end - root.start) ?? ByteBuffer())
        text.writeString(doctype.reference)
        text.writeImmutableBuffer(body.getSlice(at: end, length: body.writerIndex - end) ?? ByteBuffer())
        body = text
        return true
    }
}

extension ByteBuffer {
    /// Where the last end tag begins: within the root element, after all that it holds. Nil where there is none.
    var endOfDocument: Int? {
        let bytes = readableBytesView
        var index = bytes.endIndex
        while let slash = bytes[..<index].lastIndex(of: UInt8(ascii: "/")) {
            if slash > bytes.startIndex, bytes[slash - 1] == UInt8(ascii: "<") { return slash - 1 }
            index = slash
        }
        return nil
    }

    /// The first start tag, and the name in it.
    fileprivate var rootElement: (start: Int, name: String)? {
        let bytes = readableBytesView
        var rest = bytes
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = bytes[(start + 1)...]
            // Else a declaration or a comment.
            guard let first = rest.first, first != UInt8(ascii: "?"), first != UInt8(ascii: "!") else { continue }
            let name = rest.prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
            return (start, String(decoding: name, as: UTF8.self))
        }
        return nil
    }
}

extension MockIAM.FaultPlan.Doctype {
    fileprivate func declaration(root: String) -> String {
        switch self {
        case .plain: return "<!DOCTYPE \(root)>\n"
        case .external(let uri):
            let uri = uri.xmlEscaped
            return "<!DOCTYPE \(root) SYSTEM \"\(uri)\" [<!ENTITY external SYSTEM \"\(uri)\">]>\n"
        case .entityBomb:
            let names = ["ha"] + (1...9).map { "ha\($0)" }
            let entities = zip(names.dropFirst(), names).enumerated().map { index, pair in
                let content = index == 0 ? "ha" : "&\(pair.1);"
                return "  <!ENTITY \(pair.0) \"\(String(repeating: content, count: 10))\">\n"
            }
            return "<!DOCTYPE \(root) [\n\(entities.joined())]>\n"
        }
    }

    fileprivate var reference: String {
        switch self {
        case .plain: ""
        case .external: "&external;"
        case .entityBomb: "&ha9;"
        }
    }
}
