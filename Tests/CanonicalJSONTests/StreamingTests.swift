import CanonicalJSON
import Foundation
import Testing

@Suite struct StreamingTests {
    private struct Nested: JSONWritable {
        let count: Int

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("empty", [String]())
                json.name("items")
                json.array { json in
                    for number in 0..<count {
                        json.object { json in
                            json.member("name", "item \"\(number)\"")
                            json.member("numbers", [1, 2])
                        }
                    }
                }
                json.member("last", true)
            }
        }
    }

    private func text(_ value: some JSONWritable, levels: Int) -> String {
        var output = OutputBuffer()
        CanonicalJSON.write(value, linedLevels: levels, to: &output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    @Test func `the outer levels have a line for each member, the rest is compact`() {
        #expect(
            text(Nested(count: 2), levels: 2) == """
                {
                  "empty": [],
                  "items": [
                    {"name":"item \\"0\\"","numbers":[1,2]},
                    {"name":"item \\"1\\"","numbers":[1,2]}
                  ],
                  "last": true
                }

                """)
        #expect(
            text(Nested(count: 1), levels: 9) == """
                {
                  "empty": [],
                  "items": [
                    {
                      "name": "item \\"0\\"",
                      "numbers": [
                        1,
                        2
                      ]
                    }
                  ],
                  "last": true
                }

                """)
        #expect(text(Nested(count: 0), levels: 0) == #"{"empty":[],"items":[],"last":true}"#)
    }

    @Test func `in pieces it is the same document, and all but the last are of one size`() throws {
        let value = Nested(count: 20_000)
        var pieces: [[UInt8]] = []
        var output = OutputBuffer { bytes in pieces.append(bytes.indices.map { bytes[$0] }) }
        CanonicalJSON.write(value, linedLevels: 2, to: &output)
        output.finish()
        #expect(pieces.count > 5)
        #expect(pieces.dropLast().allSatisfy { $0.count == OutputBuffer.piece })
        let whole = pieces.flatMap { $0 }
        #expect(String(decoding: whole, as: UTF8.self) == text(value, levels: 2))
        let object = try JSONSerialization.jsonObject(with: Data(whole)) as? [String: Any]
        #expect((object?["items"] as? [Any])?.count == 20_000)
    }

    /// As an answer of AWS's is in a recording: nothing of it may wait for its end.
    @Test(arguments: [0, 1, 15, 16, 17, 131_071, 131_072, 131_073, 1_000_000])
    func `a long text goes on while it is written`(length: Int) {
        struct Text: JSONWritable {
            let utf8: [UInt8]

            func write(to json: inout JSONWriter) {
                json.object { json in
                    json.member("a", 1)
                    json.member("text", utf8: utf8)
                    json.member("z", 1)
                }
            }
        }
        let text = String((0..<length).map { $0 % 37 == 0 ? "\n" : $0 % 101 == 0 ? "\"" : $0 % 57 == 0 ? "\\" : "x" })
        var pieces: [[UInt8]] = []
        var output = OutputBuffer { bytes in pieces.append(bytes.indices.map { bytes[$0] }) }
        CanonicalJSON.write(Text(utf8: Array(text.utf8)), linedLevels: 0, to: &output)
        let waiting = output.bytes.count
        output.finish()
        #expect(waiting < 2 * OutputBuffer.piece)
        let quoted = String(decoding: CanonicalJSON.compact(text), as: UTF8.self)
        #expect(String(decoding: pieces.joined(), as: UTF8.self) == "{\"a\":1,\"text\":\(quoted),\"z\":1}")
    }

    @Test func `instants are written as Foundation writes them`() throws {
        // From year 1 on, with centuries whose leap days the Julian calendar has and the Gregorian hasn't.
        for (text, seconds) in [
            ("0001-01-01T00:00:00Z", -62_135_596_800.0), ("0900-03-01T00:00:00Z", -33_760_800_000),
            ("0999-12-31T23:59:59Z", -30_610_224_001), ("9999-12-31T23:59:59Z", 253_402_300_799),
            // What no document can have.
            ("0001-01-01T00:00:00Z", -1e300), ("9999-12-31T23:59:59Z", 1e300),
        ] {
            #expect(Date(timeIntervalSince1970: seconds).instant == text)
        }
        var seconds = -2_208_988_800.0
        while seconds < 4_102_444_800 {
            let date = Date(timeIntervalSince1970: seconds)
            #expect(date.instant == date.formatted(Date.ISO8601FormatStyle()))
            seconds += 86_400 * 97 + 3671
        }
        // The first and last days of months, of leap years and others. Before 1582 Foundation goes by the Julian calendar.
        for year in stride(from: 1600, through: 9999, by: 33) {
            for day in ["01-01", "01-31", "02-28", "03-01", "06-30", "12-31"] {
                let text = "\(year)-\(day)T23:59:59Z"
                let date = try Date(text, strategy: .iso8601)
                #expect(date.instant == text)
            }
        }
        for text in ["2000-02-29T00:00:00Z", "2024-02-29T12:34:56Z", "1600-02-29T00:00:01Z", "2100-03-01T00:00:00Z"] {
            let date = try Date(text, strategy: .iso8601)
            #expect(date.instant == text)
        }
        for seconds in [0.125, 951_782_399.5, 1_709_164_800.999, -0.25] {
            let date = Date(timeIntervalSince1970: seconds)
            #expect(
                date.instantWithMilliseconds
                    == date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)), "\(seconds)")
        }
    }
}
