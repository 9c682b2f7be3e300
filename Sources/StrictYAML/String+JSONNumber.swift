import PlainText

extension String {
    /// `-?(0|[1-9][0-9]*)`, as JSON writes whole numbers: no plus sign, no leading zeros, no separators.
    var isJSONInteger: Bool {
        let digits = utf8.first == UInt8(ascii: "-") ? utf8.dropFirst() : utf8[...]
        guard let first = digits.first, digits.allSatisfy(\.isASCIIDigit) else { return false }
        return first != UInt8(ascii: "0") || digits.count == 1
    }

    /// A whole number, or one with a fraction or an exponent, as JSON writes it.
    var isJSONNumber: Bool {
        var rest = utf8[...]
        let whole = rest.prefix { $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
        guard String(Substring(whole)).isJSONInteger else { return false }
        rest = rest[whole.endIndex...]
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: \.isASCIIDigit)
            guard !fraction.isEmpty else { return false }
            rest = rest[fraction.endIndex...]
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            return !rest.isEmpty && rest.allSatisfy(\.isASCIIDigit)
        }
        return rest.isEmpty
    }
}
