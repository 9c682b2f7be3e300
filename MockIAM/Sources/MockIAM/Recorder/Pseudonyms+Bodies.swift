import FoundationEssentials
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
            document.tokens.allSatisfy({ $0.token.isPlain })
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
    fileprivate var isPlain: Bool {
        switch self {
        case .declaration, .end, .text: true
        case .start(let name, let attributes), .empty(let name, let attributes):
            !name.isAccountID && !UniqueID.looksLike(name)
                && (attributes.isEmpty || attributes.isNamespaceOfAWS)
        }
    }
}

extension Substring {
    /// ` xmlns="https://iam.amazonaws.com/doc/2010-05-08/"`
    fileprivate var isNamespaceOfAWS: Bool {
        let words = split(whereSeparator: \.isWhitespace)
        let hosts = ["https://iam.amazonaws.com/doc/", "https://sts.amazonaws.com/doc/"]
        return words.count == 1
            && hosts.contains { words[0].hasPrefix("xmlns=\"\($0)") && words[0].utf8.count < $0.utf8.count + 24 }
    }
}

extension String {
    /// `Filter.member.1`
    fileprivate var isParameterName: Bool {
        1...64 ~= utf8.count && utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: ".") } && !isAccountID
            && !UniqueID.looksLike(self)
    }
}
