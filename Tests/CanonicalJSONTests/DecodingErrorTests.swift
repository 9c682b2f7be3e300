import CanonicalJSON
import FoundationEssentials
import Testing

@Suite struct DecodingErrorTests {
    private struct Document: Decodable {
        var users: [User]

        struct User: Decodable {
            var name: String
            var age: Int

            private enum CodingKeys: String, CodingKey { case name, age }

            init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: CodingKeys.self)
                name = try values.decode(String.self, forKey: .name)
                age = try values.decode(Int.self, forKey: .age)
                guard age >= 0 else {
                    throw DecodingError.dataCorruptedError(forKey: .age, in: values, debugDescription: "it is \(age)")
                }
            }
        }
    }

    @Test(arguments: [
        (#"{}"#, "users is missing"), (#"{"users": null}"#, "users is null"),
        (#"{"users": [{"name": "a", "age": 1}, {"age": 2}]}"#, "users[1].name is missing"),
        (#"{"users": [{"name": 1, "age": 2}]}"#, "users[0].name has another type than expected"),
        (#"{"users": [{"name": "a", "age": -1}]}"#, "users[0].age: it is -1"),
        (#"[]"#, "the whole has another type than expected"), ("{", "it isn't JSON"),
    ])
    func `an error says what is wrong, and where`(text: String, expected: String) {
        do {
            _ = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
            Issue.record("it was read")
        } catch {
            #expect((error as? DecodingError)?.plainReason == expected)
        }
    }

    @Test(arguments: [
        (#"{"users": [{"age": 2}]}"#, "name is missing"),
        (#"{"users": [{"name": 1}]}"#, "name has another type than expected"),
        (#"{"users": [{"name": "a", "age": -1}]}"#, "age: it is -1"),
        (#"{"users": [1]}"#, "the whole has another type than expected"),
    ])
    func `an error in a part of a document says where it is in the part`(text: String, expected: String) {
        let error = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Document.self, from: Data(text.utf8))
        }
        #expect(error?.plainReason(below: 2) == expected)
    }
}
