import CanonicalJSON
import Foundation
import Testing

/// What the writers put into memory by themselves, against what others make of the same.
@Suite struct OutputBufferTests {
    private func written(_ write: (inout OutputBuffer) -> Void) -> String {
        var output = OutputBuffer()
        write(&output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    /// Texts are looked at up to sixteen bytes at a time: each special byte at each place of texts of each length.
    @Test func `every byte that needs escaping is escaped, wherever it stands`() throws {
        let special = [
            "\"", "\\", "\n", "\r", "\t", "\u{8}", "\u{c}", "\u{0}", "\u{1f}", "\u{7f}", "é", "\u{2028}", "🔑", "/",
        ]
        for length in 0...36 {
            for place in 0...length {
                for text in special {
                    let plain = String(repeating: "x", count: length)
                    let value = plain.prefix(place) + text + plain.dropFirst(place)
                    let json = CanonicalJSON.compact(String(value))
                    let read = try JSONSerialization.jsonObject(with: Data(json), options: .fragmentsAllowed) as? String
                    #expect(read == String(value), "\(length) \(place) \(text.debugDescription)")
                    #expect(json.allSatisfy { $0 >= 0x20 })
                }
            }
        }
    }

    @Test func `one byte that needs escaping after another is escaped, too`() throws {
        for first in 0..<40 {
            for second in first..<40 {
                var value = Array(repeating: Character("x"), count: 40)
                value[first] = "\""
                value[second] = "\n"
                let json = CanonicalJSON.compact(String(value))
                let read = try JSONSerialization.jsonObject(with: Data(json), options: .fragmentsAllowed) as? String
                #expect(read == String(value), "\(first) \(second)")
            }
        }
    }

    @Test func `escapes are those of RFC 8785`() {
        let json = CanonicalJSON.compact("\u{8}\t\n\u{c}\r\"\\\u{1}\u{1f}\u{7f}/é")
        #expect(String(decoding: json, as: UTF8.self) == "\"\\b\\t\\n\\f\\r\\\"\\\\\\u0001\\u001f\u{7f}/é\"")
    }

    @Test func `whole numbers are written as Swift writes them`() {
        var numbers = [0, 1, -1, 9, 10, -10, 99, 100, .max, .min, .max - 1, .min + 1]
        var power = 1
        for _ in 0..<18 {
            power *= 10
            numbers += [power - 1, power, power + 1, -power]
        }
        numbers += Array(0...10_100)
        for number in numbers { #expect(written { $0.append(decimal: number) } == "\(number)") }
    }

    @Test func `texts of every length are written whole, and nothing beyond them`() {
        let long = String((0..<80).map { Character(UnicodeScalar(UInt8(0x21 + $0))) })
        for length in 0...80 {
            let text = written { output in
                output.append("<")
                output.append(Array(long.utf8.prefix(length)))
                output.append(">")
                output.append(String(long.prefix(length)))
                output.append("|")
            }
            #expect(text == "<\(long.prefix(length))>\(long.prefix(length))|")
        }
    }

    @Test func `UUIDs are written as Foundation writes them`() {
        for _ in 0..<200 {
            let uuid = UUID()
            let bytes = unsafe withUnsafeBytes(of: uuid.uuid) { unsafe $0.loadUnaligned(as: SIMD16<UInt8>.self) }
            #expect(written { $0.append(uuid: bytes) } == uuid.uuidString.lowercased())
        }
    }

    @Test func `memory grows as it is needed, and what was written stays`() {
        let long = String(repeating: "0123456789", count: 500)
        let text = written { output in
            for number in 0..<200 {
                output.append(long)
                output.append(decimal: number)
            }
        }
        #expect(text == (0..<200).map { "\(long)\($0)" }.joined())
    }

    @Test func `a byte is put before what was written since`() {
        for length in [0, 1, 250, 256, 300] {
            for place in [0, length / 2, length] {
                let plain = String(repeating: "x", count: length)
                let text = written { output in
                    output.append(plain)
                    output.insert(UInt8(ascii: "-"), at: place)
                }
                #expect(text == plain.prefix(place) + "-" + plain.dropFirst(place))
            }
        }
    }

    @Test func `words are told from texts`() {
        for word in ["a", "AKIA1", "12345678", "1234567890abcdef~!", "2026-11-22T20:45:00Z"] {
            #expect(word.isPrintableWord, "\(word)")
        }
        for text in ["", " ", "a b", "12345678 ", "\tabc", "1234567é", "\u{7f}", "123456789012345\n"] {
            #expect(!text.isPrintableWord, "\(text.debugDescription)")
        }
    }

    @Test func `a byte is found wherever it stands, and none that isn't there`() {
        for length in 0...40 {
            // Bytes that differ from those that are sought in one bit only.
            let plain = String(repeating: "-#\u{b}\u{c}\u{8e}", count: 8).prefix(length)
            var output = OutputBuffer()
            output.append(",\"")
            output.append(String(plain))
            let isPlain = output.isPlainInCSV(from: 2)
            let hasQuote = output.holds(UInt8(ascii: "\""), from: 2)
            #expect(isPlain && !hasQuote, "\(length)")
            for place in 0...length {
                for found in [",", "\"", "\n", "\r"] {
                    var output = OutputBuffer()
                    output.append(plain.prefix(place) + found + plain.dropFirst(place))
                    let isPlain = output.isPlainInCSV(from: 0)
                    let hasQuote = output.holds(UInt8(ascii: "\""), from: 0)
                    #expect(!isPlain && hasQuote == (found == "\""), "\(length) \(place)")
                }
            }
        }
    }
}
