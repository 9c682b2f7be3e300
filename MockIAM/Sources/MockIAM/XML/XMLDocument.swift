/// An XML text as AWS's Query protocol answers: elements that hold either elements or text.
///
/// It knows no more of XML than such answers have. What it doesn't know, a comment or a DOCTYPE say, makes the whole
/// text not understood, because something might hide there.
struct XMLDocument {
    enum Token {
        /// `<?xml …?>`
        case declaration
        case start(name: String, attributes: Substring)
        case end
        /// `<Users/>`
        case empty(name: String, attributes: Substring)
        /// Between two tags, as it is written.
        case text(Substring)
    }

    /// Every part of the text and where it stands; together they are the whole.
    let tokens: [(token: Token, source: Substring)]

    /// Nil where the text isn't understood.
    init?(_ text: String) {
        var scanner = XMLScanner(text: text)
        guard let tokens = scanner.scan() else { return nil }
        self.tokens = tokens
    }

    /// Calls `body` with every element that holds text or nothing: the names from the root to it, and the text without
    /// escapes.
    func forEachLeaf(_ body: (_ path: [String], _ text: String) throws -> Void) rethrows {
        _ = try replacingLeaves { path, text in
            try body(path, text)
            return nil
        }
    }

    /// The same text with other text in the elements that hold no others. All else stays to the byte.
    ///
    /// - Parameter replacement: nil leaves a text as it is written.
    func replacingLeaves(
        _ replacement: (_ path: [String], _ text: String) throws -> String?
    ) rethrows -> String {
        var result = ""
        var path: [String] = []
        for (index, (token, source)) in tokens.enumerated() {
            switch token {
            case .declaration, .empty: break
            case .start(let name, _):
                path.append(name)
            case .end: path.removeLast()
            case .text(let text):
                guard index > 0, case .start = tokens[index - 1].token, case .end = tokens[index + 1].token,
                    let plain = text.withoutXMLEscapes, let other = try replacement(path, plain), other != plain
                else { break }
                result += other.xmlEscaped
                continue
            }
            result += source
        }
        return result
    }
}

extension Substring {
    /// Nil where an escape is none of XML's own.
    var withoutXMLEscapes: String? {
        var plain = ""
        var rest = unicodeScalars[...]
        while let start = rest.firstIndex(of: "&") {
            guard let end = rest[start...].firstIndex(of: ";"),
                let scalar = Self.scalar(String(rest[rest.index(after: start)..<end]))
            else { return nil }
            plain.unicodeScalars += rest[..<start]
            plain.unicodeScalars.append(scalar)
            rest = rest[rest.index(after: end)...]
        }
        plain.unicodeScalars += rest
        return plain
    }

    private static func scalar(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": "&"
        case "lt": "<"
        case "gt": ">"
        case "quot": "\""
        case "apos": "'"
        case _ where name.hasPrefix("#x"): UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
        case _ where name.hasPrefix("#"): UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
        default: nil
        }
    }
}
