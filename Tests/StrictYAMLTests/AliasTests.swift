import StrictYAML
import Testing

@Suite("Aliases")
struct AliasTests {
    @Test(
        "An alias is refused wherever it stands",
        arguments: [
            ("a: 1\nb: *x\n", "f.yaml:2: b: an alias ('*x')"),
            ("- 1\n- [*x]\n", "f.yaml:2: [1][0]: an alias ('*x')"),
            ("a: *unknown\n", "f.yaml:1: a: an alias ('*unknown')"),
            ("*x : 1\n", "f.yaml:1: an alias ('*x')"),
            ("a: \"it's *b\"\n'c':\n  *b\n", "f.yaml:3: c: an alias ('*b')"),
            ("{\"a\": 1,\"b\":*x}", "f.yaml:1: b: an alias ('*x')"),
            ("a: 1 # '\nb: *x\n", "f.yaml:2: b: an alias ('*x')"),
        ]
    )
    func refused(text: String, expected: String) {
        let reason = " can't be used here; a text that begins with * has to be quoted"
        #expect(message { () throws(YAMLError) in try YAMLValue.made(text) } == expected + reason)
    }

    @Test(
        "An asterisk in a text or a comment is no alias",
        arguments: [
            ("a: '*x'", "*x"), ("a: \"say *x\"", "say *x"), ("a: iam:Get*Report", "iam:Get*Report"),
            ("a: |\n  *x and *y\n", "*x and *y\n"), ("a: b\n  *x\n", "b *x"), ("a: b # *x\n", "b"),
            ("a: b\n# *x\n", "b"), ("a: 'it''s *x'", "it's *x"), ("a: b\"c *x", "b\"c *x"),
            ("a: '\u{e000}*x'", "\u{e000}*x"),
            ("a: b\n  \"c\n  *x\n", "b \"c *x"),
        ]
    )
    func allowed(text: String, value: String) throws {
        let entries = try YAMLValue.made(text).entries()
        #expect(try entries.map { try $0.value.text() } == [value])
    }

    @Test("Thirty lines that stand for a billion values are refused at once", .timeLimit(.minutes(1)))
    func bomb() {
        let lines = (1...40).map { "a\($0): &a\($0) {p: *a\($0 - 1), q: *a\($0 - 1)}\n" }
        for top in ["? *a40\n: x\n", "x: *a40\n"] {
            let text = "a0: &a0 {x: y}\n" + lines.joined() + top
            #expect(
                message { () throws(YAMLError) in try YAMLValue.made(text) }
                    == "f.yaml:1: a0: an anchor ('&a0') can't be used here")
        }
    }
}
