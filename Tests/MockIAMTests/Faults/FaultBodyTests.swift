import NIOCore
import Recording
import Testing

@testable import MockIAM

@Suite("Faults of an answer's text")
struct FaultBodyTests {
    private func altered(_ answer: Answer, by rule: FaultRule) -> (answer: Answer, faults: [String]) {
        var answer = answer
        let engine = FaultEngine(rule)
        let faults = engine.alter(&answer, by: engine.next())
        return (answer, faults)
    }

    private let answer = Answer.xml("<?xml version=\"1.0\"?>\n<R xmlns=\"x\"><A>a</A></R>\n")

    @Test(
        "A document type declaration stands before the root, and what it declares is named at the end",
        arguments: [
            (.plain, "<!DOCTYPE R>\n<R xmlns=\"x\"><A>a</A></R>\n"),
            (
                .external(uri: "http://127.0.0.1:9/?a&b"),
                """
                <!DOCTYPE R SYSTEM "http://127.0.0.1:9/?a&amp;b" \
                [<!ENTITY external SYSTEM "http://127.0.0.1:9/?a&amp;b">]>
                <R xmlns="x"><A>a</A>&external;</R>

                """
            ),
        ] as [(MockIAM.FaultPlan.Doctype, String)]
    )
    func doctype(doctype: MockIAM.FaultPlan.Doctype, expected: String) {
        let (answer, faults) = altered(answer, by: FaultRule(name: "d", doctype: doctype))
        #expect(answer.text == "<?xml version=\"1.0\"?>\n" + expected)
        #expect(faults == ["d"])
    }

    @Test("The entity bomb makes a thousand million words of a few lines")
    func entityBomb() throws {
        let text = altered(answer, by: FaultRule(doctype: .entityBomb)).answer.text
        #expect(text.hasSuffix("]>\n<R xmlns=\"x\"><A>a</A>&ha9;</R>\n"))
        // Each entity by what it stands for.
        var length = ["ha": 1]
        for line in text.split(separator: "\n") where line.contains("<!ENTITY") {
            let parts = line.split(separator: " ")
            let content = parts[2].split(separator: "\"")[0]
            if content.hasPrefix("&") {
                let name = content.dropFirst().prefix { $0 != ";" }
                let count = content.count { $0 == "&" }
                length[String(parts[1])] = try #require(length[String(name)]) * count
            } else {
                length[String(parts[1])] = content.count / 2
            }
        }
        #expect(length["ha9"] == 1_000_000_000)
        #expect(text.utf8.count < 1000)
    }

    @Test("What is no XML is left alone by a document type declaration", arguments: ["", "{}", "<!-- -->", "a < b"])
    func doctypeOfNothing(text: String) {
        let (answer, faults) = altered(.xml(text), by: FaultRule(doctype: .plain))
        #expect(answer.text == text)
        #expect(faults == [])
    }

    @Test("An HTML page takes the place of the answer, and of what else was to happen to it")
    func html() {
        let rule = FaultRule(html: .init(), doctype: .entityBomb)
        let answer = altered(answer, by: rule).answer
        #expect(answer.status == 200)
        #expect(answer.text.hasPrefix("<!DOCTYPE html>\n<html"))
        #expect(!answer.text.contains("ENTITY"))
        let head = String(buffer: answer.headBytes(date: "D", closing: false))
        #expect(head.contains("\r\nContent-Type: text/html; charset=utf-8\r\n"))
        #expect(!head.contains("amzn"))
        #expect(altered(answer, by: FaultRule(html: .init(status: 407))).answer.status == 407)
    }

    @Test("A recorded answer's own date gives way to the clock that is off")
    func date() {
        let headers = [("x-amzn-RequestId", "7"), ("Date", "then"), ("X-Odd", "a: b"), ("X-Empty", "")]
        let recorded = Answer(
            status: 200, headers: headers.map { Exchange.Header(name: $0.0, value: $0.1) },
            body: ByteBuffer(string: "b"))
        let answer = altered(recorded, by: FaultRule(clockSkew: .seconds(600))).answer
        let expected = """
            HTTP/1.1 200 OK\r\nx-amzn-RequestId: 7\r\nX-Odd: a: b\r\nX-Empty: \r\nDate: now\r\nContent-Length: 1\r\n\r\n
            """
        #expect(String(buffer: answer.headBytes(date: "now", closing: false)) == expected)
        #expect(altered(recorded, by: FaultRule(latency: .seconds(1))).answer.hasDate)
    }
}
