import StrictYAML
import Testing

@Suite("Files that are refused")
struct RefusedFileTests {
    @Test(
        "What isn't YAML, or more of YAML than a file of ours needs, is refused with line and reason",
        arguments: [
            ("", "f.yaml: is empty"),
            (" \n\n", "f.yaml: is empty"),
            ("# nothing\n", "f.yaml: holds no value"),
            ("a: 1\n---\nb: 2\n", "f.yaml:2: a second document begins here; a file holds one"),
            ("[1] [2]", "f.yaml:1: isn't YAML: did not find expected <document start>"),
            (
                "a:\n\t- 1\n",
                "f.yaml:2: isn't YAML: found character that cannot start any token while scanning for the "
                    + "next token; indent with spaces, not with tabs"
            ),
            (
                "a: @x\n",
                "f.yaml:1: isn't YAML: found character that cannot start any token while scanning for the "
                    + "next token; a text that begins with this character has to be quoted"
            ),
            (
                "a: %x\n",
                "f.yaml:1: isn't YAML: found character that cannot start any token while scanning for the "
                    + "next token; a text that begins with this character has to be quoted"
            ),
            (
                "a: [1,\nb: 2\n",
                "f.yaml:3: isn't YAML: did not find expected ',' or ']' while parsing a flow sequence "
                    + "from line 1 on; look at the indentation and for a missing bracket"
            ),
            (
                "a: 'x\nb: y\n",
                "f.yaml:3: isn't YAML: found unexpected end of stream while scanning a quoted scalar "
                    + "from line 1 on"
            ),
            (
                "a: b: c\n",
                "f.yaml:1: isn't YAML: mapping values are not allowed in this context; indent with care, "
                    + "and quote a text that has ': ' in it"
            ),
            (
                "- a\nb: 1\n",
                "f.yaml:2: isn't YAML: did not find expected '-' indicator while parsing a block collection "
                    + "from line 1 on; look at the indentation and for a missing bracket"
            ),
            (
                "a: 1\nb: \u{7}\n",
                "f.yaml:2: the character U+0007 can't stand in a YAML file; write it as an escape in "
                    + "double quotes"
            ),
            (
                "{\"a\": \"\\ud83d\"}",
                "f.yaml:1: isn't YAML: found invalid Unicode character escape code while parsing a "
                    + "quoted scalar"
            ),
            ("a: !secret x\n", "f.yaml:1: a: a tag ('!secret') can't be used here"),
            ("a: !!int '5'\n", "f.yaml:1: a: a tag ('tag:yaml.org,2002:int') can't be used here"),
            ("a: !!str '5'\n", "f.yaml:1: a: a tag ('tag:yaml.org,2002:str') can't be used here"),
            ("a: ! 5\n", "f.yaml:1: a: a tag ('!') can't be used here"),
            (
                "%TAG !e! tag:e.com,2000:\n---\n- !e!x 5\n",
                "f.yaml:3: [0]: a tag ('tag:e.com,2000:x') can't be used here"
            ),
            ("!!int a: 1\n", "f.yaml:1: a tag ('tag:yaml.org,2002:int') can't be used here"),
            ("a: !no!x 5\n", "f.yaml:1: isn't YAML: found undefined tag handle while parsing a node"),
            ("a: !!set {b}\n", "f.yaml:1: a: a tag ('tag:yaml.org,2002:set') can't be used here"),
            ("- a\n- &x b\n", "f.yaml:2: [1]: an anchor ('&x') can't be used here"),
            ("? &x a\n: 1\n", "f.yaml:1: an anchor ('&x') can't be used here"),
            ("a: 1\nb: &x [1]\n", "f.yaml:2: b: an anchor ('&x') can't be used here"),
            ("a: 1\n? [b]\n: 2\n", "f.yaml:2: a list or a mapping can't be a key"),
        ]
    )
    func refused(text: String, expected: String) {
        #expect(message { () throws(YAMLError) in try YAMLValue.made(text) }.hasPrefix(expected))
    }

    @Test(
        "Lines are counted whatever ends them",
        arguments: [
            (
                "x: 1\na: b: c\n",
                "f.yaml:2: isn't YAML: mapping values are not allowed in this context; indent with care, and quote a text "
                    + "that has ': ' in it"
            ),
            (
                "x: 1\na: @x\n",
                "f.yaml:2: isn't YAML: found character that cannot start any token while scanning for the next token; a "
                    + "text that begins with this character has to be quoted"
            ),
            (
                "x: 1\na:\n\t- 1\n",
                "f.yaml:3: isn't YAML: found character that cannot start any token while scanning for the next token; "
                    + "indent with spaces, not with tabs"
            ),
            (
                "x: 1\nb: \u{7}\n",
                "f.yaml:2: the character U+0007 can't stand in a YAML file; write it as an escape in "
                    + "double quotes"
            ),
        ], ["\n", "\r\n", "\r"])
    func lineEnds(file: (String, String), lineEnd: String) {
        let (text, expected) = (file.0.replacing("\n", with: lineEnd), file.1)
        #expect(message { () throws(YAMLError) in try YAMLValue.made(text) } == expected)
    }

    @Test(
        "A key that stands twice in a mapping is refused, whatever its quotes",
        arguments: [
            ("a: 1\nb: 2\na: 3\n", "f.yaml:1: the key 'a'"),
            ("x:\n  a: 1\n  'a': 2\n", "f.yaml:2: x: the key 'a'"),
            ("{\"x\": [{\n\"a\": 1, \"b\": 2, \"\\u0061\": 3}]}", "f.yaml:2: x[0]: the key 'a'"),
            ("{" + (0..<40).map { "\"k\($0)\":\n1," }.joined() + "\"k20\": 2}", "f.yaml:21: the key 'k20'"),
        ]
    )
    func repeatedKeys(text: String, expected: String) {
        let reason = " stands more than once in this mapping, here for the first time"
        #expect(message { () throws(YAMLError) in try YAMLValue.made(text) } == expected + reason)
    }

    @Test("A file that is too large is refused", arguments: ["[1, 2, 3]", "- 1\n- 2\n"])
    func size(text: String) throws {
        let limits = YAMLLimits(bytes: text.utf8.count - 1)
        let expected = "f.yaml: is larger than \(limits.bytes) bytes"
        #expect(message { () throws(YAMLError) in try YAMLValue.made(text, limits: limits) } == expected)
        _ = try YAMLValue.made(text, limits: YAMLLimits(bytes: text.utf8.count))
    }

    @Test(
        "Lists and mappings may be nested so deep and no deeper",
        arguments: [("[", "]"), ("[a,", "]"), ("{\"a\":", "}"), ("{a: ", "}"), ("- ", "")]
    )
    func depth(opening: String, closing: String) throws {
        func nested(_ depth: Int) -> String {
            String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
        }
        let limits = YAMLLimits(depth: 10)
        _ = try YAMLValue.made(nested(9), limits: limits)
        for depth in [10, 900] {
            #expect(
                message { () throws(YAMLError) in try YAMLValue.made(nested(depth), limits: limits) }
                    == "f.yaml:1: lists and mappings are nested more than 10 deep")
        }
        #expect(
            message { () throws(YAMLError) in try YAMLValue.made(nested(100_000), limits: limits) }
                .hasPrefix("f.yaml:1: lists and mappings are nested more than 10"))
    }

    @Test("Bytes that aren't UTF-8 are refused with their line")
    func encoding() {
        let bytes = Array("a: é\nb: ".utf8) + [0xe9, 0x0a] + Array("c: 1\n".utf8)
        #expect(
            message { () throws(YAMLError) in try YAMLValue(parsing: bytes, file: "latin.yaml") }
                == "latin.yaml:2: isn't UTF-8")
    }

    @Test("A file that isn't there, and a directory, are named")
    func missing() {
        #expect(
            message { () throws(YAMLError) in try YAMLValue(contentsOf: "/nowhere/users.yaml") }
                == "/nowhere/users.yaml: there is no such file")
        #expect(
            message { () throws(YAMLError) in try YAMLValue(contentsOf: "/") }
                == "/: is a directory; a YAML file is expected")
    }
}
