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
        let bytes = Array(body)
        var parameters: [FormParameter] = []
        forEach(in: bytes) { name, value in
            parameters.append(FormParameter(name: decode(bytes, name), value: decode(bytes, value)))
        }
        return parameters
    }

    /// The values of the parameters of a name, in their own order, as ``parse(_:)`` has them.
    package static func values(of name: String, in body: [UInt8]) -> [String] {
        var values: [String] = []
        forEach(in: body) { if decode(body, $0) == name { values.append(decode(body, $1)) } }
        return values
    }

    /// Where the names and values of a form stand in it.
    static func forEach(in bytes: [UInt8], _ take: (_ name: Range<Int>, _ value: Range<Int>) -> Void) {
        // By hand rather than by `split`, whose generic form is several times slower: it is done for every request.
        let end = bytes.count
        var start = 0
        var equals: Int?
        for index in 0...end {
            if index == end || bytes[index] == UInt8(ascii: "&") {
                if index > start { take(start..<(equals ?? index), (equals.map { $0 + 1 } ?? index)..<index) }
                start = index + 1
                equals = nil
            } else if equals == nil, bytes[index] == UInt8(ascii: "=") {
                equals = index
            }
        }
    }

    static func decode(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        // Nearly all.
        if !range.contains(where: { bytes[$0] == UInt8(ascii: "%") || bytes[$0] == UInt8(ascii: "+") }) {
            return unsafe bytes.withUnsafeBytes {
                unsafe String(decoding: UnsafeRawBufferPointer(rebasing: $0[range]), as: UTF8.self)
            }
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < range.upperBound,
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
