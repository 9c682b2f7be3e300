import CanonicalJSON
import Foundation
import Testing

@Suite struct CanonicalJSONTests {
    /// Writes itself by a closure.
    private struct Written: JSONWritable {
        let body: @Sendable (inout JSONWriter) -> Void

        func write(to json: inout JSONWriter) { body(&json) }
    }

    private func compact(_ body: @escaping @Sendable (inout JSONWriter) -> Void) -> String {
        String(decoding: CanonicalJSON.compact(Written(body: body)), as: UTF8.self)
    }

    @Test func `nil members are left out, or null where a reader expects them`() {
        let text = compact { json in
            json.object { json in
                json.member("a", Optional<String>.none)
                json.member("b", orNull: Optional<Int>.none)
                json.member("c", orNull: 1)
                json.member("d", true)
                json.member("e", [String]())
                json.member("f", ["z": 1, "a": 2])
                json.name("g")
                json.object { _ in }
                json.name("h")
                json.array { json in
                    json.value("x")
                    json.array([1, 2])
                    json.object { $0.member("y", 2) }
                    json.null()
                }
            }
        }
        #expect(text == #"{"b":null,"c":1,"d":true,"e":[],"f":{"a":2,"z":1},"g":{},"h":["x",[1,2],{"y":2},null]}"#)
    }

    @Test func `strings are escaped as RFC 8785 has it`() {
        #expect(
            compact { $0.value("\u{0}\u{1f}\u{8}\u{c}\r\n\t\"\\/é🔑") } == #""\u0000\u001f\b\f\r\n\t\"\\/é🔑""#)
    }

    /// Names are AWS's words as well: its error codes, tags' keys.
    @Test func `names are escaped, too`() throws {
        let names = ["a\"b", "a\\", "a\nb", "x\": 1}, \"complete\": true, \"z\": {\"q", "é", ""]
        let json = CanonicalJSON.compact(Dictionary(uniqueKeysWithValues: names.map { ($0, 1) }))
        let read = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Int]
        #expect(read.map { Set($0.keys) } == Set(names))
    }

    /// As RFC 8785 would have it for all but the rarest: by the bytes of UTF-8, in which an upper-case letter comes first.
    @Test func `members stand in the order of their bytes`() {
        let members = ["a": 1, "B": 2, "b": 3, "Z": 4, "é": 5, "aa": 6, "_": 7, "1": 8]
        #expect(
            String(decoding: CanonicalJSON.compact(members), as: UTF8.self)
                == #"{"1":8,"B":2,"Z":4,"_":7,"a":1,"aa":6,"b":3,"é":5}"#)
    }

    @Test(arguments: [
        (0, "20:45:00.000Z"), (0.125, "20:45:00.125Z"), (0.9996, "20:45:00.999Z"), (0.0625, "20:45:00.062Z"),
        (-0.25, "20:44:59.750Z"),
    ])
    func `an instant with milliseconds is never later than it was`(offset: Double, text: String) {
        #expect(Date(timeIntervalSince1970: 1_795_380_300 + offset).instantWithMilliseconds == "2026-11-22T\(text)")
    }

    @Test func `every scalar of the first plane reads back as it was`() throws {
        let text = String(String.UnicodeScalarView((0..<0xd800).compactMap(Unicode.Scalar.init)))
        let read = try JSONDecoder().decode(
            [String].self, from: Data(CanonicalJSON.compact(Written { $0.array([text]) })))
        #expect(read == [text])
    }

    @Test(arguments: [
        (0, "0"), (-0.0, "0"), (24, "24"), (66.67, "66.67"), (-1.5, "-1.5"), (0.001, "0.001"),
        (1e15, "1000000000000000"), (1e16, "1e+16"), (-1e16, "-1e+16"), (.nan, "null"), (.infinity, "null"),
    ])
    func `numbers are written one way`(number: Double, expected: String) {
        #expect(compact { $0.value(number) } == expected)
    }

    @Test func `a document has a line for each member of a container that holds others`() {
        let value = Written { json in
            json.object { json in
                json.member("none", [String]())
                json.name("props")
                json.array { json in
                    json.object { json in
                        json.member("name", "a, {b}: \"c\\")
                        json.member("value", 1)
                    }
                    json.array(["d"])
                }
            }
        }
        #expect(
            String(decoding: CanonicalJSON.document(value), as: UTF8.self) == """
                {
                  "none": [],
                  "props": [
                    {"name": "a, {b}: \\"c\\\\", "value": 1},
                    ["d"]
                  ]
                }

                """)
    }
}
