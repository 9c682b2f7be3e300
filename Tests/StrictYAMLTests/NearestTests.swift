import StrictYAML
import Testing

@Suite("Did you mean")
struct NearestTests {
    private let known = ["id", "last_used", "key_age", "tests", "critical"]

    @Test(
        "The name that was probably meant is found",
        arguments: [
            ("lastUsed", "last_used"), ("last-used", "last_used"), ("LAST USED", "last_used"),
            ("lst_used", "last_used"),
            // One letter of two, and neighbours that changed places.
            ("ib", "id"), ("tsets", "tests"), ("keyage", "key_age"), ("critcial", "critical"), ("crtiical", "critical"),
        ])
    func near(name: String, meant: String) {
        #expect(name.nearest(in: known) == meant)
    }

    @Test(
        "Where none is near, none is named",
        arguments: ["", "owner", "xy", "used_by", "critical_or_worse", String(repeating: "last_used", count: 10)])
    func far(name: String) {
        #expect(name.nearest(in: known) == nil)
        #expect("id".nearest(in: []) == nil)
    }

    @Test("Case, hyphens and underscores cost nothing, however many there are")
    func letters() {
        #expect("A--B__C".nearest(in: ["abd", "a_b-c"]) == "a_b-c")
        #expect("ab-----c".nearest(in: ["abcdefg", "abc"]) == "abc")
    }

    @Test("A name that is longer than any of ours isn't compared")
    func long() {
        let name = String(repeating: "a", count: 65)
        #expect(name.nearest(in: [name]) == nil)
        #expect(String(name.dropLast()).nearest(in: [name]) == name)
    }
}
