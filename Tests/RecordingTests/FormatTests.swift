import FoundationEssentials
import Recording
import Testing

@Suite("The recording format")
struct FormatTests {
    @Test("What is written is read back the same")
    func roundTrip() throws {
        let exchanges = [
            Exchange.made(
                requestHeaders: [Exchange.Header(name: "Host", value: "iam.amazonaws.com")],
                outcome: .answer(
                    Exchange.Response(
                        status: 200, headers: [Exchange.Header(name: "Content-Type", value: "text/xml")],
                        body: Array("<a>tab\t, line\n, \"quote\", grüß 🗝</a>".utf8)
                    ))
            ),
            Exchange.made(
                sequence: 2, attempt: 2,
                outcome: .answer(Exchange.Response(status: 400, body: Array("<ErrorResponse/>".utf8)))
            ),
            Exchange.made(sequence: 3, outcome: .noAnswer("connection reset")),
        ]
        let recording = try RecordedExchanges(parsing: try written(exchanges))
        #expect(recording.manifest == .made)
        #expect(recording.exchanges == exchanges)
    }

    @Test("Read and written again, no instant moves")
    func instants() throws {
        for millisecond in 0..<1000 {
            let digits = String(String(1000 + millisecond).dropFirst())
            let line = String(decoding: RecordingWriter.line(.made()), as: UTF8.self)
                .replacing("T20:45:00.000Z", with: "T20:45:00.\(digits)Z")
            let recording = try RecordedExchanges(parsing: RecordingWriter.line(RecordingManifest.made) + line.utf8)
            let again = String(decoding: RecordingWriter.line(try #require(recording.exchanges.first)), as: UTF8.self)
            #expect(again == line)
        }
    }

    @Test("A body that is no text survives to the byte")
    func binaryBody() throws {
        let exchange = Exchange.made(outcome: .answer(Exchange.Response(status: 200, body: [0x3C, 0xFF, 0x00, 0xC3])))
        let recording = try RecordedExchanges(parsing: try written([exchange]))
        #expect(recording.exchanges.first?.response?.body == [0x3C, 0xFF, 0x00, 0xC3])
    }

    @Test("The same exchange gives the same line, on one line")
    func deterministic() throws {
        let line = RecordingWriter.line(Exchange.made(requestBody: "Action=X&Note=a%0Ab"))
        #expect(line == RecordingWriter.line(Exchange.made(requestBody: "Action=X&Note=a%0Ab")))
        #expect(line.count { $0 == UInt8(ascii: "\n") } == 1)
        #expect(line.last == UInt8(ascii: "\n"))
    }

    @Test("Each line has what a strict HAR reader asks for")
    func strictHAR() throws {
        let line = String(decoding: RecordingWriter.line(Exchange.made()), as: UTF8.self)
        for field in [
            "startedDateTime", "time", "cache", "timings", "httpVersion", "cookies", "queryString", "headersSize",
        ] {
            #expect(line.contains("\"\(field)\":"))
        }
    }

    @Test("An instant is written with its nearest millisecond")
    func nearestMillisecond() {
        for (fraction, expected) in [(0.0, "000"), (0.000_4, "000"), (0.000_6, "001"), (0.998_6, "999")] {
            #expect(
                Date(timeIntervalSince1970: 1_795_380_300 + fraction).recorded == "2026-11-22T20:45:00.\(expected)Z",
                "\(fraction)")
        }
    }

    @Test("A line says what came of an exchange, and how many bytes came")
    func outcomes() {
        for (outcome, name, size) in [
            (.answer(Exchange.Response(status: 200, body: Array("<a/>".utf8))), "ok", 4),
            (.answer(Exchange.Response(status: 299, body: [])), "ok", 0),
            (.answer(Exchange.Response(status: 302, body: [])), "http-302", 0),
            (.answer(Exchange.Response(status: 400, body: Array("<a/>".utf8))), "http-400", 4),
            // As browsers have it: it isn't known.
            (.noAnswer("connection reset"), "no-answer", -1),
        ] as [(Exchange.Outcome, String, Int)] {
            let line = String(decoding: RecordingWriter.line(Exchange.made(outcome: outcome)), as: UTF8.self)
            #expect(line.contains("\"_outcome\":\"\(name)\""), "\(line)")
            #expect(line.contains("\"response\":{\"bodySize\":\(size),"), "\(line)")
        }
    }

    @Test("Only a form has parameters, and only a body is posted")
    func postedData() throws {
        func line(_ type: String, _ body: String) -> String {
            String(
                decoding: RecordingWriter.line(
                    Exchange.made(
                        requestHeaders: [Exchange.Header(name: "content-type", value: type)], requestBody: body)),
                as: UTF8.self)
        }
        let form = line("application/x-www-form-urlencoded; charset=utf-8", "Action=A&B=c")
        #expect(
            form.contains(
                #""postData":{"mimeType":"application/x-www-form-urlencoded; charset=utf-8","#
                    + #""params":[{"name":"Action","value":"A"},{"name":"B","value":"c"}],"text":"Action=A&B=c"}"#))
        let json = line("application/json", #"{"a": "b=c&d"}"#)
        #expect(json.contains(#""postData":{"mimeType":"application/json","text":"{\"a\": \"b=c&d\"}"}"#))
        let empty = line("application/x-www-form-urlencoded", "")
        #expect(!empty.contains("postData"))
        for text in [form, json, empty] {
            let read = try RecordedExchanges(parsing: RecordingWriter.line(RecordingManifest.made) + text.utf8)
            #expect(read.exchanges.map { String(decoding: RecordingWriter.line($0), as: UTF8.self) } == [text])
        }
    }

    private func written(_ exchanges: [Exchange]) throws -> [UInt8] {
        exchanges.reduce(into: RecordingWriter.line(RecordingManifest.made)) { $0 += RecordingWriter.line($1) }
    }
}
