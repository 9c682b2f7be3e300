/// Splits a text into the tokens of an ``XMLDocument``.
struct XMLScanner {
    private let text: String
    private var rest: Substring
    private var open: [Substring] = []
    private var tokens: [(token: XMLDocument.Token, source: Substring)] = []
    private var hasRoot = false

    init(text: String) {
        self.text = text
        rest = text[...]
    }

    /// Nil where the text isn't understood, or isn't whole.
    mutating func scan() -> [(token: XMLDocument.Token, source: Substring)]? {
        if rest.hasPrefix("<?xml ") {
            guard let end = rest.firstRange(of: "?>") else { return nil }
            take(upTo: end.upperBound, as: .declaration)
        }
        while !rest.isEmpty {
            guard rest.utf8.first == UInt8(ascii: "<") ? tag() : characters() else { return nil }
        }
        guard hasRoot, open.isEmpty else { return nil }
        return tokens
    }

    private mutating func characters() -> Bool {
        let end = rest.utf8.firstIndex(of: UInt8(ascii: "<")) ?? rest.endIndex
        let characters = rest[..<end]
        let isBlank = characters.utf8.allSatisfy { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
        if !isBlank {
            // Only what stands alone in its element is a text that can be told from the elements beside it.
            guard case .start? = tokens.last?.token, rest[end...].hasPrefix("</"), characters.withoutXMLEscapes != nil
            else { return false }
        }
        take(upTo: end, as: .text(characters))
        return true
    }

    private mutating func tag() -> Bool {
        guard let close = rest.utf8.firstIndex(of: UInt8(ascii: ">")) else { return false }
        let end = rest.utf8.index(after: close)
        var inner = rest[rest.utf8.index(after: rest.startIndex)..<close]
        if inner.utf8.first == UInt8(ascii: "/") {
            let name = inner.dropFirst().trimmingTrailingSpace
            guard name == open.popLast() else { return false }
            take(upTo: end, as: .end)
            return true
        }
        guard !(hasRoot && open.isEmpty), open.count < 64 else { return false }
        hasRoot = true
        let isEmpty = inner.utf8.last == UInt8(ascii: "/")
        if isEmpty { inner = inner.dropLast() }
        let name = inner.prefix { $0.isXMLNameCharacter }
        let attributes = inner[name.endIndex...]
        guard name.first?.isLetter == true, attributes.isEmpty || attributes.first?.isWhitespace == true,
            Self.isClosed(attributes)
        else { return false }
        if !isEmpty { open.append(name) }
        take(
            upTo: end,
            as: isEmpty
                ? .empty(name: String(name), attributes: attributes)
                : .start(name: String(name), attributes: attributes))
        return true
    }

    private mutating func take(upTo end: String.Index, as token: XMLDocument.Token) {
        tokens.append((token, rest[..<end]))
        rest = rest[end...]
    }

    /// Whether every quote is closed: if not, the `>` found was none.
    private static func isClosed(_ attributes: Substring) -> Bool {
        var quote: Character?
        for character in attributes {
            if character == quote {
                quote = nil
            } else if quote == nil, character == "\"" || character == "'" {
                quote = character
            }
        }
        return quote == nil
    }
}

extension Character {
    fileprivate var isXMLNameCharacter: Bool {
        isASCII && (isLetter || isNumber || self == "_" || self == "-" || self == ".")
    }
}

extension Substring {
    fileprivate var trimmingTrailingSpace: Substring {
        var text = self
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
