import StrictYAML
import Testing

@Suite("Lists and mappings")
struct CollectionTests {
    private enum Key: String, CaseIterable { case name, created, lastUsed = "last_used" }

    @Test("Keys are found by name, and one that is left out is nil")
    func keys() throws {
        let user = try YAMLValue.made("name: ci\nlast_used: ~\n").mapping("a user", keys: Key.self)
        #expect(try user.required(.name).text() == "ci")
        #expect(user[.created] == nil)
        #expect(user[.lastUsed]?.form == .null)
    }

    @Test(
        "A key that isn't known is refused, with the one that was probably meant",
        arguments: [
            ("name: a\ncrated: 1", "f.yaml:2: 'crated' is not a key of a user; did you mean 'created'?"),
            ("name: a\n\nlastUsed: 1", "f.yaml:3: 'lastUsed' is not a key of a user; did you mean 'last_used'?"),
            ("{name: a, nmae: 1}", "f.yaml:1: 'nmae' is not a key of a user; did you mean 'name'?"),
            ("email: a", "f.yaml:1: 'email' is not a key of a user; those are name, created, last_used"),
            ("- name", "f.yaml:1: expected a user (keys with values), found a list"),
            ("text", "f.yaml:1: expected a user (keys with values), found 'text'"),
        ]
    )
    func unknown(yaml: String, expected: String) throws {
        let value = try YAMLValue.made(yaml)
        #expect(message { () throws(YAMLError) in try value.mapping("a user", keys: Key.self) } == expected)
    }

    @Test("A key that must be there is asked for")
    func required() throws {
        let user = try YAMLValue.made("\n\ncreated: 1").mapping("a user", keys: Key.self)
        #expect(message { () throws(YAMLError) in try user.required(.name) } == "f.yaml:3: a user needs the key 'name'")
    }

    @Test("An error says the way to its value")
    func path() throws {
        let file = try YAMLValue.made("users:\n- keys: [{id: 1}]\n- tags:\n    'a b': {c.d: x}\n    \"e\\nf\": y\n")
        let users = try file.entries()[0].value.items()
        let key = try users[0].entries()[0].value.items()[0].entries()[0].value
        #expect(key.error("wrong").description == "f.yaml:2: users[0].keys[0].id: wrong")
        let tags = try users[1].entries()[0].value.entries()
        #expect(try tags[0].value.entries()[0].value.path == "users[1].tags['a b']['c.d']")
        #expect(tags[1].value.path == "users[1].tags['e\\nf']")
    }

    @Test("Free keys come in the order of the file")
    func entries() throws {
        let entries = try YAMLValue.made("{b: 1, a: 2, 3: x}").entries()
        #expect(entries.map(\.key) == ["b", "a", "3"])
        let list = try YAMLValue.made("[]")
        #expect(
            message { () throws(YAMLError) in try list.entries() }
                == "f.yaml:1: expected keys with values, found an empty list")
        let text = try YAMLValue.made("x")
        #expect(message { () throws(YAMLError) in try text.items() } == "f.yaml:1: expected a list, found 'x'")
    }
}
