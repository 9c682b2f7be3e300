import CanonicalJSON
import Foundation
import Testing

@Suite struct JSONReaderTests {
    private func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    @Test func `values of every kind`() throws {
        #expect(try value(" null ") == .null)
        #expect(try value("[true,false]") == .array([.boolean(true), .boolean(false)]))
        #expect(
            try value("[0,-1,10.25,1e3,2E-2,-0.5e+1]").elements.map { $0 }
                == [0, -1, 10.25, 1000, 0.02, -5].map { .number($0) })
        #expect(try value(#"{"a":{"b":[]},"":1}"#) == .object(["a": .object(["b": .array([])]), "": .number(1)]))
        #expect(
            try value(#""\"\\\/\b\f\n\r\té\u00e9\ud83d\ude00\u0000""#)
                == .string("\"\\/\u{8}\u{c}\n\r\té\u{e9}\u{1f600}\0"))
    }

    @Test(arguments: [
        ("", "it ends too early"), ("{", "a string is missing"), ("[1", "a comma is missing"), ("[1,]", "not JSON"),
        ("[,1]", "not JSON"), ("{\"a\" 1}", "a colon is missing"), ("{\"a\":1 \"b\":2}", "a comma is missing"),
        ("{\"a\":1,}", "a string is missing"), ("\"abc", "a string doesn't end"),
        ("\"a\nb\"", "a control character in a string"),
        ("\"\\x\"", "an unknown escape"), ("\"\\u12g4\"", "four hexadecimal digits are missing"),
        ("\"\\n\u{1}\"", "a control character in a string"),
        ("\"\\ud800\"", "half a surrogate pair"), ("\"\\ud800\\ue000\"", "half a surrogate pair"),
        ("\"\\ud800\\u0041\"", "half a surrogate pair"), ("\"\\ud800\\ud800\"", "half a surrogate pair"),
        ("\"\\udc00\"", "half a surrogate pair"),
        ("01", "not a number"), ("-", "not a number"), ("1.", "not a number"), ("1e", "not a number"),
        ("+1", "not JSON"),
        ("nul", "not JSON"), ("NaN", "not JSON"), ("1 2", "something follows the value"),
        ("{} x", "something follows the value"),
        ("{\"a\":1,\"a\":2}", "'a' stands twice"), ("{\"a\":1,\"\\u0061\":2}", "'a' stands twice"),
    ])
    func `what isn't JSON is refused`(text: String, reason: String) {
        let error = #expect(throws: JSONReadingError.self) { try value(text) }
        #expect(error?.reason == reason)
    }

    @Test(
        arguments: [
            ("0", 0), ("-12", -12), ("9223372036854775807", .max), ("-9223372036854775808", .min), ("1e3", 1000),
            ("20.0", 20), ("9223372036854775808", nil), ("1.5", nil), ("1e400", nil), ("\"1\"", nil),
        ] as [(String, Int?)])
    func `whole numbers are read to the last digit`(text: String, expected: Int?) {
        #expect((try? JSONReader.read(Array(text.utf8)) { try $0.integer() }) == expected)
    }

    @Test func `a number that isn't whole is no integer`() {
        #expect(JSONValue.number(7).integer == 7)
        for number in [7.5, -0.1, 1e300, .infinity, .nan] { #expect(JSONValue.number(number).integer == nil) }
    }

    @Test func `a name that stands twice is found among few and among many`() throws {
        for count in [1, 15, 16, 17, 40] {
            let members = (0..<count).map { "\"n\($0)\":\($0)" }
            #expect(
                try value("{\(members.joined(separator: ","))}").member("n\(count - 1)") == .number(Double(count - 1)))
            for name in [0, count - 1] {
                let error = #expect(throws: JSONReadingError.self) {
                    try value("{\(members.joined(separator: ",")),\"n\(name)\":0}")
                }
                #expect(error?.reason == "'n\(name)' stands twice")
            }
        }
    }

    @Test func `bytes that aren't UTF-8 are refused`() {
        let error = #expect(throws: JSONReadingError.self) { try JSONValue(parsing: [0x22, 0xff, 0x22]) }
        #expect(error?.reason == "not UTF-8")
    }

    @Test func `nesting is bounded`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try value(nested(JSONReader.depthLimit))
        #expect(throws: JSONReadingError.self) { try value(nested(JSONReader.depthLimit + 1)) }
        #expect(throws: JSONReadingError.self) { try value(String(repeating: "[", count: 1_000_000)) }
        // What stands side by side isn't nested.
        for element in ["[]", "{}", "[{}]"] {
            let elements = Array(repeating: element, count: 3 * JSONReader.depthLimit).joined(separator: ",")
            #expect(try value("[\(elements)]").elements.count == 3 * JSONReader.depthLimit)
        }
    }

    @Test func `what a closure leaves unread is skipped`() throws {
        let text = #"{"skipped":{"deep":[1,{"x":"}]\""}]},"list":[1,[2,3],{"a":null},"s"],"last":true}"#
        var count = 0
        var last: JSONValue?
        try JSONReader.read(Array(text.utf8)) { reader in
            try reader.object { name, reader in
                if name == "list" { try reader.array { _ in count += 1 } }
                if name == "last" { last = try reader.value() }
            }
        }
        #expect(count == 4 && last == .boolean(true))
    }

    /// Foundation reads it as we do, and refuses what we refuse, whatever is done to a text.
    @Test func `it agrees with Foundation on damaged texts`() throws {
        let text = #"{"a":[1,-2.5e3,true,null,"\u00e9\\"],"b":{"c":"d"},"e":""}"#
        var dice = SystemRandomNumberGenerator()
        var refused = 0
        for _ in 0..<2000 {
            var bytes = Array(text.utf8)
            bytes[Int.random(in: bytes.indices, using: &dice)] = UInt8.random(in: 0x20...0x7e, using: &dice)
            let ours = try? JSONValue(parsing: bytes)
            let theirs = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
            if ours == nil { refused += 1 }
            // Of a name that stands twice it takes one.
            if ours == nil, theirs != nil, case .object(let members)? = theirs, members.count < 3 { continue }
            #expect(ours == theirs, "\(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(refused > 100)
    }
}
