/// The parameters of a query string, each name and value percent-encoded as AWS writes them.
///
/// What comes off the wire is decoded and encoded anew, so that `%2f`, `%2F` and a bare `/` are the same. A `+` is a
/// space, as form decoders read it; AWS wants one signed as `%20`. Invalid UTF-8 is bytes like any other.
struct QueryString {
    /// Where in `bytes` a parameter is.
    private struct Parameter {
        var name: Range<Int>
        var value: Range<Int>
    }

    /// Names and values, one behind the other: one allocation, however many parameters there are.
    private var bytes: [UInt8] = []
    private var parameters: [Parameter] = []

    /// - Throws: MalformedQueryString for an escape that isn't `%` and two hexadecimal digits.
    init(_ wire: some Sequence<UInt8>) throws(SignatureError) {
        let wire = Array(wire)
        guard !wire.isEmpty else { return }
        bytes.reserveCapacity(wire.count)
        for pair in wire.split(separator: UInt8(ascii: "&")) {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            let start = bytes.count
            try append(name)
            let middle = bytes.count
            try append(pair[name.endIndex...].dropFirst())
            parameters.append(Parameter(name: start..<middle, value: middle..<bytes.count))
        }
    }

    private mutating func append(_ text: ArraySlice<UInt8>) throws(SignatureError) {
        var rest = text.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next(), let low = rest.next() else { throw .incompleteEscape }
                guard let highValue = high.hexValue, let lowValue = low.hexValue else {
                    throw .illegalEscape([high, low])
                }
                bytes.appendPercentEncoded(highValue << 4 | lowValue)
            case UInt8(ascii: "+"): bytes.appendPercentEncoded(UInt8(ascii: " "))
            default: bytes.appendPercentEncoded(byte)
            }
        }
    }
}

extension QueryString {
    /// The decoded value of the first parameter with a name of unreserved characters; nil where there is none, or
    /// where it is empty.
    func first(_ name: String) -> String? {
        guard let index = firstIndex(name), !parameters[index].value.isEmpty else { return nil }
        var decoded: [UInt8] = []
        var rest = bytes[parameters[index].value].makeIterator()
        while let byte = rest.next() {
            if byte == UInt8(ascii: "%"), let high = rest.next()?.hexValue, let low = rest.next()?.hexValue {
                decoded.append(high << 4 | low)
            } else {
                decoded.append(byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Whether there is a parameter with a name of unreserved characters.
    func contains(_ name: String) -> Bool {
        firstIndex(name) != nil
    }

    /// The query without the first parameter of a name: a signature is not part of what it signs. A second one would
    /// be, so that nothing can be slipped in under its name.
    func removingFirst(_ name: String) -> QueryString {
        var copy = self
        if let index = firstIndex(name) { copy.parameters.remove(at: index) }
        return copy
    }

    private func firstIndex(_ name: String) -> Int? {
        let name = name.utf8
        return parameters.firstIndex { $0.name.count == name.count && bytes[$0.name].elementsEqual(name) }
    }

    /// Appends AWS's canonical query string: sorted by encoded name, then value; `=` even without a value.
    func appendCanonical(to canonical: inout [UInt8]) {
        let sorted = parameters.sorted { left, right in
            let (leftName, rightName) = (bytes[left.name], bytes[right.name])
            if leftName.lexicographicallyPrecedes(rightName) { return true }
            if rightName.lexicographicallyPrecedes(leftName) { return false }
            return bytes[left.value].lexicographicallyPrecedes(bytes[right.value])
        }
        for (position, parameter) in sorted.enumerated() {
            if position > 0 { canonical.append(UInt8(ascii: "&")) }
            canonical += bytes[parameter.name]
            canonical.append(UInt8(ascii: "="))
            canonical += bytes[parameter.value]
        }
    }
}
