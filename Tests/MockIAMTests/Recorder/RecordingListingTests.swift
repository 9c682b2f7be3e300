import FoundationEssentials
import MockIAM
import Recording
import Testing

@Suite("Showing a recording")
struct RecordingListingTests {
    @Test("A line says what was asked, what came back and how long it took; a summary adds up")
    func lines() throws {
        let recording = try BundledRecording.read("partial-account")
        let listing = MockIAM.RecordingListing(recording, name: "partial-account")
        let lines = listing.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(4) == [
                "partial-account",
                "account 333344445555, created 2026-11-22T20:45:00Z by MockIAM/Fixtures/generate.py, "
                    + "clock 2026-11-22T20:45:00Z",
                "What can't be read must not look fine", "",
            ])
        let width = "GetAccessKeyLastUsed AccessKeyId=AKIABREI5XQHPEXAMPLE".count
        let question = "ListAccessKeys UserName=ci-deploy"
        let space = String(repeating: " ", count: width - question.count)
        #expect(lines[6] == "     3  2026-11-22T20:45:00.116Z  \(question)\(space)  400 Throttling  255 B  69 ms")
        #expect(lines[7].hasSuffix("  200  557 B  58 ms  attempt 2"))
        #expect(
            lines.contains("  ListAccessKeys            8, 1 of them a retry: 1 × 400 Throttling, 1 × 404 NoSuchEntity")
        )
        #expect(lines.contains("27 exchanges in 1.6 s, 15133 bytes of answers"))
    }

    @Test("Of one action or one exchange only, if wanted")
    func choice() throws {
        let recording = try BundledRecording.read("partial-account")
        let users = MockIAM.RecordingListing(recording, name: "x", choice: .init(action: "listusers"))
        #expect(users.text.contains("2 exchanges of 27"))
        let third = MockIAM.RecordingListing(recording, name: "x", choice: .init(sequence: 3))
        #expect(third.text.contains("     3  ") && !third.text.contains("     4  "))
        #expect(MockIAM.RecordingListing(recording, name: "x", choice: .init(sequence: 99)).isEmpty)
    }

    @Test("Bodies are laid out, whatever their white space was")
    func bodies() {
        let answer = "<A xmlns=\"u\"><B><C>1 &amp; 2</C><D/><E></E></B>\n\n<F>x</F></A>"
        let text = listing(.recorded("ListUsers", "Action=ListUsers&PathPrefix=%2Fa%2F", answer: answer), bodies: true)
        let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
        #expect(lines.contains("> PathPrefix=/a/"))
        let expected = """
                    < <A xmlns="u">
                    <   <B>
                    <     <C>1 &amp; 2</C>
                    <     <D/>
                    <     <E></E>
                    <   </B>
                    <   <F>x</F>
                    < </A>
            """
        #expect(text.contains(expected))
    }

    @Test("A credential report is decoded")
    func credentialReport() {
        let report = Data("user,arn\n<root_account>,arn:aws:iam::555566667777:root".utf8).base64EncodedString()
        let text = listing(
            .recorded("GetCredentialReport", answer: "<A><Content>\(report)</Content></A>"), bodies: true)
        #expect(text.contains("<     user,arn\n"))
        #expect(text.contains("<     <root_account>,arn:aws:iam::555566667777:root\n"))
    }

    @Test("What is no XML is shown as it is, what is no text is not")
    func otherBodies() {
        #expect(listing(.recorded("ListUsers", answer: "<html>\nHello"), bodies: true).contains("        < Hello\n"))
        var binary = Exchange.recorded("ListUsers")
        binary.changeResponse { $0.body = [0xFF, 0xFE] }
        #expect(listing(binary, bodies: true).contains("< (2 bytes that are no text)"))
    }

    @Test("Nothing in a recording gives orders to the terminal", arguments: [false, true])
    func terminal(json: Bool) throws {
        let orders = "\u{1B}[2J\u{9B}31m\u{202E}\u{7}\r\u{2028}"
        var exchange = Exchange.recorded(
            "List\(orders)", "Action=ListUsers&UserName=\(orders)", status: 400,
            answer: "<E>\(orders)<Error><Code>a\(orders)</Code></Error></E>")
        exchange.request.url += orders
        var silent = exchange
        silent.outcome = .noAnswer(orders)
        var broken = exchange
        broken.changeResponse { $0.body = Array("<E><Error><Code>a\(orders)</Code></Error></E>".utf8) }
        var manifest = RecordingManifest.recorded
        (manifest.tool, manifest.description, manifest.account) = (orders, orders, orders)
        let recording = RecordedExchanges(manifest: manifest, exchanges: [exchange, silent, broken])
        let listing = MockIAM.RecordingListing(recording, name: orders, choice: .init(showsBodies: true))
        for scalar in (json ? listing.json : listing.text).unicodeScalars where scalar != "\n" {
            let category = scalar.properties.generalCategory
            #expect(category != .control && category != .format && category != .lineSeparator, "\(scalar.value)")
        }
        if json { _ = try JSONDecoder().decode([String: Ignored].self, from: Data(listing.json.utf8)) }
    }

    @Test("A body that isn't what its line says is pointed out")
    func digests() throws {
        let line = String(decoding: RecordingWriter.line(.recorded("ListUsers")), as: UTF8.self)
        let edited = line.replacing(#""text":"<A/>""#, with: #""text":"<B/>""#).replacing(
            "\"_seq\":1", with: "\"_seq\":2")
        let manifest = String(decoding: RecordingWriter.line(.recorded), as: UTF8.self)
        let recording = try RecordedExchanges(parsing: (manifest + line + edited).utf8)
        let listing = MockIAM.RecordingListing(recording, name: "x")
        let lines = listing.text.split(separator: "\n").filter { $0.contains("DIFFERS") }
        #expect(lines.count == 1 && lines[0].hasPrefix("     2  "))
        #expect(listing.text.contains("The body differs from its _sha256 in 2: it was changed"))
        #expect(listing.json.contains(#""digestDiffers": [2]"#))
    }

    @Test("As JSON it has the same")
    func json() throws {
        let recording = try BundledRecording.read("partial-account")
        struct Document: Decodable {
            struct Row: Decodable {
                struct Parameter: Decodable { var name, value: String }
                var sequence: Int
                var operation: String
                var parameters: [Parameter]
                var status: Int?
                var errorCode: String?
                var responseBody: String?
            }
            struct Summary: Decodable {
                var actions: [String: Int]
                var errors, exchanges: Int
            }
            var exchanges: [Row]
            var summary: Summary
        }
        let listing = MockIAM.RecordingListing(recording, name: "x", choice: .init(showsBodies: true))
        let document = try JSONDecoder().decode(Document.self, from: Data(listing.json.utf8))
        #expect(document.exchanges.map(\.sequence) == Array(1...27))
        #expect(document.exchanges[2].errorCode == "Throttling" && document.exchanges[2].status == 400)
        #expect(document.exchanges[2].parameters.map(\.value) == ["ci-deploy"])
        #expect(document.exchanges[1].responseBody?.utf8.count == recording.exchanges[1].response?.body.count)
        #expect(document.summary.actions["ListUsers"] == 2 && document.summary.exchanges == 27)
    }

    private func listing(_ exchange: Exchange, bodies: Bool) -> String {
        MockIAM.RecordingListing(
            RecordedExchanges(manifest: .recorded, exchanges: [exchange]), name: "x",
            choice: .init(showsBodies: bodies)
        ).text
    }
}

private struct Ignored: Decodable {
    init(from decoder: any Decoder) throws {}
}
