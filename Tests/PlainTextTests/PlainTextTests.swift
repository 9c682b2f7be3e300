import PlainText
import Testing

struct PlainTextTests {
    @Test func `bytes are two digits each, in lower case`() {
        #expect(String(hexadecimal: []) == "")
        #expect(String(hexadecimal: [0x00, 0x09, 0x0a, 0x10, 0x9f, 0xff]) == "00090a109fff")
        let all = String(hexadecimal: 0...255)
        #expect(all.utf8.count == 512)
        #expect(stride(from: 0, to: 512, by: 2).map { UInt8(all.dropFirst($0).prefix(2), radix: 16) } == Array(0...255))
    }

    @Test func `names are the same whatever the case of their ASCII letters, and of no other characters`() {
        for (one, other, isSame) in [
            ("Content-Type", "content-type", true), ("AZaz09-_", "azAZ09-_", true), ("", "", true),
            ("Host", "Hosts", false), ("a@[", "a`{", false), ("Ä", "ä", false), ("host", "ho\u{17f}t", false),
            ("\u{212a}ey", "key", false),
        ] {
            #expect(one.isSameIgnoringASCIICase(as: other) == isSame, "\(one) \(other)")
            #expect(other.isSameIgnoringASCIICase(as: one) == isSame, "\(other) \(one)")
        }
    }

    @Test func `a text begins with another whatever the case of their ASCII letters`() {
        for (text, prefix, isPrefix) in [
            ("X-AMZ-Date", "x-amz-", true), ("x-amz-", "X-Amz-", true), ("x-am", "x-amz-", false), ("", "", true),
            ("anything", "", true), ("ya", "x", false), ("Äa", "ä", false), ("[a", "{a", false),
        ] {
            #expect(text.hasPrefixIgnoringASCIICase(prefix) == isPrefix, "\(text) \(prefix)")
        }
    }

    /// Each length and each place of a byte, since eight are looked at at a time and the last ones overlap.
    @Test func `a byte of a kind is found wherever it stands`() {
        func isWanted(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7f }
        func hasNone(_ text: String) -> Bool {
            text.hasNoByte(isWanted) { $0.term(below: 0x20) | $0.term(for: 0x7f) }
        }
        for length in 0...34 {
            let plain = (0..<length).map { UInt8(0x20 + ($0 * 37) % 0x5f) }
            #expect(hasNone(String(decoding: plain, as: UTF8.self)))
            for place in plain.indices {
                for byte: UInt8 in [0, 0x1f, 0x7f] {
                    var bytes = plain
                    bytes[place] = byte
                    #expect(!hasNone(String(decoding: bytes, as: UTF8.self)), "\(length) \(place) \(byte)")
                }
            }
        }
        #expect(hasNone("Zoë 名前 😀, and more than eight bytes of it"))
    }

    @Test func `a term finds a byte among eight, and only where there is one`() {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<8 {
                let alone = UInt64(byte) << UInt64(8 * place)
                let others: UInt64 = 0xffa0_8180_7f41_2120 & ~(0xff << UInt64(8 * place))
                #expect((alone | others).term(for: byte).hasHighBits)
                #expect((alone | others).term(below: 0x20).hasHighBits == (byte < 0x20))
                #expect((alone | others).term(for: 0x09).hasHighBits == (byte == 0x09))
            }
        }
    }

    @Test(arguments: [
        ("ci-deploy", "ci-deploy"), ("a_b.c/d@e+f,g=h", "a_b.c/d@e+f,g=h"), ("", "''"), ("two words", "'two words'"),
        ("~root", "'~root'"), ("$HOME", "'$HOME'"), ("a;b", "'a;b'"), ("*", "'*'"), ("Zoë", "'Zoë'"),
        ("it's", #"'it'\''s'"#), ("'", #"''\'''"#), ("a\nb", nil), ("a\u{202e}b", nil), ("\u{1b}[2J", nil),
    ])
    func `a text is one word for a shell, if it can be shown as what it is`(text: String, word: String?) {
        #expect(text.shellQuoted == word)
    }

    @Test(arguments: [
        ("ordinary, with spaces", "ordinary, with spaces"), ("Zoë 名前 😀 e\u{301}", "Zoë 名前 😀 e\u{301}"),
        ("\u{1b}[2J\n\t\u{7f}\u{85}", #"\u{1b}[2J\u{a}\u{9}\u{7f}\u{85}"#),
        ("a\u{202e}b\u{2066}\u{200b}\u{feff}", #"a\u{202e}b\u{2066}\u{200b}\u{feff}"#),
        ("\u{2028}\u{2029}", #"\u{2028}\u{2029}"#), ("\u{e000}\u{378}\u{e0041}", #"\u{e000}\u{378}\u{e0041}"#),
        ("\u{3164}\u{115f}\u{ffa0}\u{34f}\u{fe0f}", #"\u{3164}\u{115f}\u{ffa0}\u{34f}\u{fe0f}"#), ("", ""),
    ])
    func `what isn't seen as what it is is written out, and nothing else`(text: String, expected: String) {
        #expect(text.withInvisibleEscaped == expected)
        #expect(text.unicodeScalars.allSatisfy(\.isVisible) == (text == expected))
    }
}
