import StrictYAML
import Testing

@Suite("YAML errors")
struct YAMLErrorTests {
    @Test("An error names file, line, value and reason")
    func description() {
        let error = YAMLError(file: "users.yaml", line: 12, path: "users[3]", reason: "'crated' is not a key of a user")
        #expect(error.description == "users.yaml:12: users[3]: 'crated' is not a key of a user")
    }

    @Test("An error without line or path leaves them out")
    func short() {
        #expect(YAMLError(file: "users.yaml", reason: "is empty").description == "users.yaml: is empty")
    }
}
