/// One `name=value` of an `application/x-www-form-urlencoded` body, decoded.
package struct FormParameter: Hashable, Comparable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    package static func < (left: FormParameter, right: FormParameter) -> Bool {
        (left.name, left.value) < (right.name, right.value)
    }

    /// The parameters of a form body in their own order. A malformed percent escape stays as it stands, as browsers
    /// have it.
    package static func parse(_ body: some Sequence<UInt8>) -> [FormParameter] {
        var parameters: [FormParameter] = []
        forEach(in: body) { parameters.append(FormParameter(name: decode($0), value: decode($1))) }
        return parameters
    }

    /// The values of the parameters of a name, in their own order, as ``parse(_:)`` has them.
    package static func values(of name: String, in body: some Sequence<UInt8>) -> [String] {
        var values: [String] = []
        forEach(in: body) { if decode($0) == name { values.append(decode($1)) } }
        return values
    }

    /// The names and values of a form as they stand in it.
    private static func forEach(
        in body: some Sequence<UInt8>, _ take: (_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Void
    ) {
        // By hand rather than by `split`, whose generic form is several times slower: it is done for every request.
        let bytes = Array(body)
        var start = 0
        while start < bytes.count {
            var end = start
            var equals: Int?
            while end < bytes.count, bytes[end] != UInt8(ascii: "&") {
                if equals == nil, bytes[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            if end > start {
                take(bytes[start..<(equals ?? end)], bytes[(equals.map { $0 + 1 } ?? end)..<end])
            }
            start = end + 1
        }
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> String {
        // Nearly all.
        if !bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) {
            return String(decoding: bytes, as: UTF8.self)
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.endIndex,
                let high = hexDigit(bytes[index + 1]), let low = hexDigit(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
