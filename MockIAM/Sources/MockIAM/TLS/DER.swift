import CanonicalJSON
import FoundationEssentials
import PlainText

/// ASN.1 in its distinguished encoding, as much of it as a certificate takes.
///
/// https://www.itu.int/rec/T-REC-X.690. Written here rather than with swift-certificates, which would cost a cold build
/// 41 seconds of CPU time, or 117 with optimization, for two kinds of certificates.
enum DER {
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var rest = content.count
        if rest < 0x80 {
            length = [UInt8(rest)]
        } else {
            while rest > 0 {
                length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
                rest >>= 8
            }
            length.insert(0x80 | UInt8(length.count), at: 0)
        }
        return [tag] + length + content
    }

    static func sequence(_ parts: [UInt8]...) -> [UInt8] {
        element(0x30, parts.flatMap { $0 })
    }

    static func set(_ parts: [UInt8]...) -> [UInt8] {
        element(0x31, parts.flatMap { $0 })
    }

    /// - Parameter magnitude: the bytes of a number that isn't negative, the highest first.
    static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        let digits = magnitude.drop { $0 == 0 }
        // A first bit that is set would make it negative.
        return element(0x02, (digits.first ?? 0x80) >= 0x80 ? [0] + digits : Array(digits))
    }

    static let `true` = element(0x01, [0xFF])

    /// - Parameter dotted: `2.5.29.17`
    static func identifier(_ dotted: String) -> [UInt8] {
        let arcs = dotted.split(separator: ".").compactMap { Int($0) }
        let numbers = [40 * arcs[0] + arcs[1]] + arcs.dropFirst(2)
        return element(
            0x06,
            numbers.flatMap { number -> [UInt8] in
                var bytes = [UInt8(number & 0x7F)]
                var rest = number >> 7
                while rest > 0 {
                    bytes.insert(0x80 | UInt8(rest & 0x7F), at: 0)
                    rest >>= 7
                }
                return bytes
            })
    }

    static func octets(_ bytes: [UInt8]) -> [UInt8] {
        element(0x04, bytes)
    }

    /// - Parameter unused: how many bits at the end aren't part of it.
    static func bits(_ bytes: [UInt8], unused: UInt8 = 0) -> [UInt8] {
        element(0x03, [unused] + bytes)
    }

    static func text(_ text: String) -> [UInt8] {
        element(0x0C, Array(text.utf8))
    }

    /// With two digits of the year until 2049: https://datatracker.ietf.org/doc/html/rfc5280#section-4.1.2.5
    static func time(_ instant: Date) -> [UInt8] {
        let digits = instant.instant.utf8.filter(\.isASCIIDigit) + [UInt8(ascii: "Z")]
        return digits.lexicographicallyPrecedes("2050".utf8)
            ? element(0x17, Array(digits.dropFirst(2))) : element(0x18, digits)
    }

    /// `[number] EXPLICIT`
    static func tagged(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        element(0xA0 | number, content)
    }
}
