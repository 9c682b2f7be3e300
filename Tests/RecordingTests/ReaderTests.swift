import FoundationEssentials
import Recording
import Testing

@Suite("Reading a recording")
struct ReaderTests {
    private let manifest = #"{"_recording":{"created":"2026-11-22T20:45:00Z","formatVersion":1,"tool":"t"}}"#
    private let entry = #"""
        {"_op":"ListUsers","_seq":1,"request":{"method":"POST","postData":{"text":"Action=ListUsers"},"url":"https://x/"},\#
        "response":{"content":{"text":"<a/>"},"status":200},"startedDateTime":"2026-11-22T20:45:00Z"}
        """#

    @Test("A hand-written entry needs no more than request, response and time")
    func minimal() throws {
        let recording = try RecordedExchanges(parsing: "\(manifest)\n\(entry)".utf8)
        #expect(recording.exchanges.map(\.operation) == ["ListUsers"])
        #expect(recording.exchanges.first?.attempt == 1)
        #expect(recording.manifest.clock == nil)
    }

    @Test("An unknown format version is refused")
    func futureVersion() throws {
        let future = manifest.replacing(#""formatVersion":1"#, with: #""formatVersion":2"#)
        let error = try #require(throws: RecordingError.self) { try RecordedExchanges(parsing: future.utf8) }
        #expect(error.description == "line 1: format version 2 is unknown; this program reads version 1")
    }

    @Test("A recording without a manifest is refused")
    func noManifest() throws {
        let error = try #require(throws: RecordingError.self) { try RecordedExchanges(parsing: entry.utf8) }
        #expect(error.line == 1)
        #expect(error.reason.contains("manifest"))
    }

    @Test("An empty file is refused")
    func empty() {
        #expect(throws: RecordingError("the recording is empty")) { try RecordedExchanges(parsing: "".utf8) }
    }

    @Test(
        "A last line that was cut off is refused, wherever it was cut",
        arguments: [
            (1, "a comma is missing at byte 206"), (40, "a string doesn't end at byte 167"),
            (120, "a string doesn't end at byte 87"),
        ])
    func truncated(lost: Int, reason: String) throws {
        let text = "\(manifest)\n\(entry)\n\(entry.dropLast(lost))"
        let error = try #require(throws: RecordingError.self) { try RecordedExchanges(parsing: text.utf8) }
        #expect(error == RecordingError("not a HAR entry: \(reason)", line: 3))
    }

    @Test(
        "A member of another type, and one that stands twice, is told by where it is",
        arguments: [
            (#""_seq":1"#, #""_seq":"1""#, "not a number at byte 26"),
            (#""_seq":1"#, #""_seq":1.5"#, "not a whole number at byte 29"),
            (#""_seq":1"#, #""_seq":1,"_seq":1"#, "'_seq' stands twice at byte 34"),
            (#""method":"POST""#, #""method":7"#, "a string is missing at byte 48"),
            (#""method":"POST""#, #""headers":{}"#, "'[' is missing at byte 49"),
            (#""method":"POST""#, #""headers":[{"name":"Host"}]"#, "the value of a header is missing"),
            (#""method":"POST","#, "", "request.method is missing"),
            (#""content":{"text":"<a/>"},"#, "", "response.content is missing"),
            (#""status":200"#, #""status":null"#, "response.status is missing"),
        ])
    func wrongMember(old: String, new: String, reason: String) throws {
        let edited = entry.replacing(old, with: new)
        #expect(edited != entry)
        #expect(throws: RecordingError("not a HAR entry: \(reason)", line: 2)) {
            try RecordedExchanges(parsing: "\(manifest)\n\(edited)".utf8)
        }
    }

    @Test("Null is the same as nothing, and members that nobody knows are passed over")
    func nulls() throws {
        let edited = entry.replacing(
            #""_seq":1"#,
            with: #""_account":null,"_attempt":null,"_sha256":null,"time":null,"_x":[{"a":null}],"_seq":1"#)
        let both = try [entry, edited].map { try RecordedExchanges(parsing: "\(manifest)\n\($0)".utf8) }
        #expect(both[0].exchanges == both[1].exchanges && both[1].statedDigests == [nil])
    }

    @Test("An entry without a request says what is missing and where")
    func missingField() throws {
        let text = "\(manifest)\n{\"_op\":\"X\",\"_seq\":1}"
        let error = try #require(throws: RecordingError.self) { try RecordedExchanges(parsing: text.utf8) }
        #expect(error == RecordingError("not a HAR entry: request is missing", line: 2))
    }

    @Test("A status that HTTP doesn't have is none", arguments: [-1, 1000])
    func noStatus(status: Int) throws {
        let text = "\(manifest)\n" + entry.replacing(#""status":200"#, with: #""status":\#(status)"#)
        #expect(throws: RecordingError("\(status) is no status of HTTP", line: 2)) {
            try RecordedExchanges(parsing: text.utf8)
        }
    }

    @Test("A time that nobody has waited is none", arguments: ["1e300", "-2", "1e400", "-1e400", "3200000000001"])
    func noTime(time: String) throws {
        let text = "\(manifest)\n" + entry.replacing(#""_op""#, with: #""time":\#(time),"_op""#)
        let error = try #require(throws: RecordingError.self) { try RecordedExchanges(parsing: text.utf8) }
        #expect(error.line == 2 && error.reason.hasSuffix("is no time in milliseconds"))
        let known = "\(manifest)\n" + entry.replacing(#""_op""#, with: #""time":-1,"_op""#)
        #expect(try RecordedExchanges(parsing: known.utf8).exchanges.first?.milliseconds == -1)
    }

    @Test(
        "An instant that the calendar doesn't have, or that something follows, is none",
        arguments: ["2026-02-30T20:45:00Z", "2026-11-22T20:45:00Zjunk", "2026-11-22T24:45:00Z", "2026-11-22"])
    func noInstant(text: String) throws {
        let text = "\(manifest)\n" + entry.replacing("2026-11-22T20:45:00Z", with: text)
        #expect(throws: RecordingError.self) { try RecordedExchanges(parsing: text.utf8) }
    }

    @Test(
        "Instants have Z or an offset, with or without a fraction",
        arguments: ["2026-11-22T20:45:00Z", "2026-11-22T21:45:00+01:00", "2026-11-22T20:45:00.000Z"])
    func instants(text: String) throws {
        let text = "\(manifest)\n" + entry.replacing("2026-11-22T20:45:00Z", with: text)
        let recording = try RecordedExchanges(parsing: text.utf8)
        #expect(recording.exchanges.first?.started == Date(timeIntervalSince1970: 1_795_380_300))
    }

    @Test("Empty lines are passed over, but count")
    func emptyLines() throws {
        let text = "\(manifest)\n\n\(entry)\n\n{}\n"
        let error = try #require(throws: RecordingError.self) { try RecordedExchanges(parsing: text.utf8) }
        #expect(error.line == 5)
    }

    @Test("A body may stand in a file of its own")
    func sideFile() throws {
        let text = "\(manifest)\n" + entry.replacing(#""text":"<a/>""#, with: #""_bodyFile":"bodies/1.xml""#)
        let recording = try RecordedExchanges(parsing: text.utf8) { Array("<\($0)>".utf8) }
        #expect(recording.exchanges.first?.response?.body == Array("<bodies/1.xml>".utf8))
        #expect(throws: RecordingError.self) { try RecordedExchanges(parsing: text.utf8) }
    }

    @Test("An entry with status 0 has no answer, for the reason that it names, if any")
    func noAnswer() throws {
        let unanswered = entry.replacing(#""status":200"#, with: #""status":0"#)
        let named = unanswered.replacing(#""_op""#, with: #""_error":"reset","_op""#)
        let recording = try RecordedExchanges(parsing: "\(manifest)\n\(unanswered)\n\(named)".utf8)
        #expect(recording.exchanges.map(\.outcome) == [.noAnswer("no answer"), .noAnswer("reset")])
    }

    @Test("An answer may be in base64; of a request HAR knows no such thing")
    func encodings() throws {
        let text = entry.replacing(#""text":"<a/>""#, with: #""encoding":"base64","text":"PGI+""#)
            .replacing(#""text":"Action=ListUsers""#, with: #""encoding":"base64","text":"QWN0aW9u""#)
        let exchange = try RecordedExchanges(parsing: "\(manifest)\n\(text)".utf8).exchanges.first
        #expect(exchange?.response?.body == Array("<b>".utf8))
        #expect(exchange?.request.body == Array("QWN0aW9u".utf8))
    }

    @Test("What a line says of its body's digest is kept, for whoever wants to compare")
    func statedDigests() throws {
        let written = String(decoding: RecordingWriter.line(.made()), as: UTF8.self)
        let edited = written.replacing("<ListUsersResponse/>", with: "<ListUsersAnswers/>")
        let recording = try RecordedExchanges(parsing: "\(manifest)\n\(entry)\n\(written)\(edited)".utf8)
        let digests = recording.exchanges.map { $0.response?.digest }
        #expect(recording.statedDigests == [nil, digests[1], digests[1]])
        #expect(digests[2] != digests[1])
    }

    @Test("Attempts are counted from 1", arguments: ["0", "-9223372036854775808", "9223372036854775807"])
    func attempts(number: String) throws {
        let text = "\(manifest)\n" + entry.replacing(#""_op""#, with: #""_attempt":\#(number),"_op""#)
        #expect(throws: RecordingError.self) { try RecordedExchanges(parsing: text.utf8) }
    }
}
