import FoundationEssentials
import PlainText
import Recording

extension Pseudonyms {
    /// The anonymised body of a request: a form, or JSON.
    mutating func requestBody(_ body: [UInt8]) -> [UInt8] {
        guard !body.isEmpty else { return body }
        if body.first == UInt8(ascii: "{") { return json(body) ?? Self.redacted }
        let parameters = FormParameter.parse(body)
        guard parameters.allSatisfy({ $0.name.isParameterName }) else { return Self.redacted }
        let form = parameters.map { parameter in
            let value = value(parameter.value, Treatment.ofParameter(parameter.name))
            return "\(parameter.name)=\(value.formEncoded)"
        }
        return Array(form.joined(separator: "&").utf8)
    }

    /// The anonymised body of an answer: XML, or JSON.
    mutating func answerBody(_ body: [UInt8]) -> [UInt8] {
        switch body.first {
        case nil: body
        case UInt8(ascii: "{"): json(body) ?? Self.redacted
        default: xml(body) ?? Self.redacted
        }
    }

    private static let redacted = Array(Scrubber.redacted.utf8)

    /// Nil where it isn't understood.
    private mutating func xml(_ body: [UInt8]) -> [UInt8]? {
        guard let text = String(validating: body, as: UTF8.self), let document = XMLDocument(text),
            document.tokens.allSatisfy({ $0.token.isPlain(written: $0.source) })
        else { return nil }
        var everybodysPolicies: Set<String> = []
        document.forEachLeaf { path, text in
            guard path.last == "PolicyArn" || path.last == "Arn", text.contains("::aws:policy/") else { return }
            everybodysPolicies.insert(text.split(separator: "/").last.map(String.init) ?? "")
        }
        let anonymous = document.replacingLeaves { path, text in
            if path.last == "PolicyName", everybodysPolicies.contains(text) { return text }
            return value(text, Treatment.ofField(path))
        }
        return Array(anonymous.utf8)
    }

    private mutating func json(_ body: [UInt8]) -> [UInt8]? {
        JSONLeaves.replacing(in: body) { path, leaf in
            switch leaf {
            case .literal: nil
            case .string(let text): .string(value(text, Treatment.ofField(path)))
            case .number(let digits): digits.isPlainNumber ? nil : .number("0")
            }
        }
    }
}

extension XMLDocument.Token {
    /// Whether it has nothing but what stands between tags: names in attributes would go unseen.
    fileprivate func isPlain(written source: Substring) -> Bool {
        switch self {
        case .declaration: source.isPlainXMLDeclaration
        case .end, .text: true
        case .start(let name, let attributes), .empty(let name, let attributes):
            name.isFieldName(with: "_.-") && (attributes.isEmpty || attributes.isNamespaceOfAWS)
        }
    }
}

extension Substring {
    /// ` xmlns="https://iam.amazonaws.com/doc/2010-05-08/"`
    fileprivate var isNamespaceOfAWS: Bool {
        let words = split(whereSeparator: \.isWhitespace)
        let namespaces = [Service.iam.namespace, Service.sts.namespace, AWSError.frontEndNamespace]
        return words.count == 1
            && namespaces.contains { words[0] == "xmlns=\"\($0)\"" || words[0] == "xmlns=\"\($0)/\"" }
    }

    /// `<?xml version="1.0" encoding="UTF-8"?>`
    fileprivate var isPlainXMLDeclaration: Bool {
        let known = ["version=1.0", "encoding=utf-8", "encoding=us-ascii", "standalone=yes", "standalone=no"]
        let words = dropFirst("<?xml".count).dropLast("?>".count).split(whereSeparator: \.isWhitespace)
        return words.allSatisfy { word in known.contains(word.filter { $0 != "\"" && $0 != "'" }.lowercased()) }
    }
}

extension String {
    /// `Filter.member.1`
    fileprivate var isParameterName: Bool {
        isFieldName(with: ".")
    }

    /// Whether it is named as AWS names its parameters, elements and members, and names nobody.
    ///
    /// - Parameter others: the characters that may stand in it besides letters and digits.
    func isFieldName(with others: String) -> Bool {
        1...64 ~= utf8.count && utf8.allSatisfy { $0.isASCIIAlphanumeric || others.utf8.contains($0) }
            && !utf8.hasRunOfDigits(12) && !UniqueID.looksLike(self)
    }
}
