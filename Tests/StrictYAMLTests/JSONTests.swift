import StrictYAML
import Testing

@Suite("JSON")
struct JSONTests {
    @Test("JSON is read like YAML, with the characters that YAML reads otherwise or not at all")
    func strings() throws {
        let json = #"{"a":"\ud83d\ude00 \u00e9\/\"\\\b\f\n\r\t", "b":"x"# + "\u{2028}y\u{85}z\u{7f}\u{feff}" + #""}"#
        let entries = try YAMLValue.made(json).entries()
        #expect(try entries[0].value.text() == "😀 é/\"\\\u{8}\u{c}\n\r\t")
        #expect(
            try Array(entries[1].value.text().unicodeScalars) == [
                "x", "\u{2028}", "y", "\u{85}", "z", "\u{7f}", "\u{feff}",
            ])
    }

    @Test("Lines are counted, and scalars keep what they are")
    func scalars() throws {
        let items = try YAMLValue.made("\u{feff} [ 1, -2.5e+3,\r\n\ttrue, false, null, \"null\", [], {} ] \n").items()
        #expect(items.map(\.line) == [1, 1, 2, 2, 2, 2, 2, 2])
        #expect(items.map(\.form) == [.scalar, .scalar, .scalar, .scalar, .null, .scalar, .sequence, .mapping])
        #expect(try items[1].number(in: -3000...0) == -2500)
        #expect(try items[2].bool())
    }

    @Test("What begins like JSON and is YAML is read as YAML", arguments: ["{a: 1}", "{\"a\": 1,}", "[{'a': 1}] # x"])
    func flow(text: String) throws {
        _ = try YAMLValue.made(text)
    }

    @Test("What JSON doesn't allow is read as YAML has it")
    func almostJSON() throws {
        // No element follows the last comma.
        #expect(try YAMLValue.made("[1,]").items().count == 1)
        // A line end within a text is folded.
        #expect(try YAMLValue.made("[\"\\u0041\n  b\"]").items()[0].text() == "A b")
        #expect(try YAMLValue.made("[\"a\n  b\"]").items()[0].text() == "a b")
    }

    @Test("A byte order mark is no part of a file, YAML or JSON")
    func byteOrderMark() throws {
        #expect(try YAMLValue.made("\u{feff}a: 1").entries().map(\.key) == ["a"])
        #expect(try YAMLValue.made("\u{feff}[\"\\ud83d\\ude00\"]").items()[0].text() == "😀")
    }

    @Test("A long document on a single line is read, and its errors are found by their way")
    func longLine() throws {
        let users = (0..<20_000).map { #"{"name":"user-\#($0)","tags":{"owner":"platform"}}"# }
        let file = try YAMLValue.made(#"{"users":[\#(users.joined(separator: ","))]}"#)
        let items = try file.entries()[0].value.items()
        #expect(items.count == 20_000)
        let last = try #require(items.last)
        #expect(last.error("x").description == "f.yaml:1: users[19999]: x")
    }

    @Test(
        "A text that ends within a value is no JSON", arguments: ["[", "{\"a\"", "[\"a", "[\"\\u12", "[1,", "{\"a\":"])
    func truncated(text: String) {
        #expect(message { () throws(YAMLError) in try YAMLValue.made(text) }.hasPrefix("f.yaml:1: isn't YAML: "))
    }
}
