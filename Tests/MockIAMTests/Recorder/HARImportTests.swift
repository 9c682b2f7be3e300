import FoundationEssentials
import MockIAM
import Recording
import Testing

@Suite("Reading HAR documents of other tools")
struct HARImportTests {
    /// As Chrome saves one: HTTP/2 pseudo-headers, decoded text, cookies and much that doesn't matter.
    private let chrome = #"""
        {"_initiator": {"type": "other"}, "_priority": "High", "cache": {}, "connection": "443", "pageref": "page_1",
         "startedDateTime": "2026-11-22T21:45:00.250+01:00", "time": 31.200000000000003,
         "request": {"method": "POST", "url": "https://iam.amazonaws.com/", "httpVersion": "http/2.0",
          "headers": [{"name": ":authority", "value": "iam.amazonaws.com"}, {"name": "authorization", "value": "hush"},
           {"name": "content-type", "value": "application/x-www-form-urlencoded"}],
          "queryString": [], "cookies": [{"name": "session", "value": "hush"}], "headersSize": -1, "bodySize": 57,
          "postData": {"mimeType": "application/x-www-form-urlencoded",
           "text": "Action=ListAccessKeys&Version=2010-05-08&UserName=ci-deploy"}},
         "response": {"status": 200, "statusText": "", "httpVersion": "http/2.0", "cookies": [], "redirectURL": "",
          "headers": [{"name": "content-encoding", "value": "gzip"}, {"name": "content-length", "value": "33"},
           {"name": "content-type", "value": "text/xml"}, {"name": "set-cookie", "value": "hush"}],
          "content": {"size": 29, "mimeType": "text/xml", "text": "<ListAccessKeysResponse>ü</L>"},
          "headersSize": -1, "bodySize": -1, "_transferSize": 300, "_error": null}, "timings": {"wait": 31}}
        """#
    /// As mitmproxy and Playwright do: parameters without text, an answer in base64.
    private let playwright = #"""
        {"startedDateTime": "2026-11-22T20:45:01.123456789Z", "time": 4,
         "request": {"method": "POST", "url": "https://sts.us-east-1.amazonaws.com/", "headers": [],
          "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "", "params": [
           {"name": "Action", "value": "GetCallerIdentity"}, {"name": "Version", "value": "2011-06-15"},
           {"name": "Note", "value": "a&b=c"}]}},
         "response": {"status": 200, "headers": [],
          "content": {"size": 36, "mimeType": "text/xml", "encoding": "base64",
           "text": "PEE+PEFjY291bnQ+MTExMTIyMjIzMzMzPC9BY2NvdW50PjwvQT4="}}}
        """#

    @Test("A browser's entry becomes an exchange without its secrets")
    func browser() throws {
        let har = try imported([chrome])
        let exchange = try #require(har.recording.exchanges.first)
        #expect(exchange.operation == "ListAccessKeys" && exchange.sequence == 1 && exchange.attempt == 1)
        #expect(exchange.response?.status == 200 && exchange.milliseconds == 31.200000000000003)
        #expect(exchange.started == Date(timeIntervalSince1970: 1_795_380_300.25))
        #expect(exchange.parameters("UserName") == ["ci-deploy"])
        #expect(exchange.request.headers.map(\.name) == ["content-type"])
        #expect(exchange.response?.headers.map(\.name) == ["content-length", "content-type"])
        #expect(exchange.response?.header("content-length") == "30")
        #expect(!String(decoding: RecordingWriter.line(exchange), as: UTF8.self).contains("hush"))
        #expect(har.recording.manifest.tool == "WebInspector 537.36")
        #expect(har.recording.manifest.created == exchange.started)
    }

    @Test("Parameters without a text make a form, base64 a body, and an answer names the account of all")
    func parametersAndBase64() throws {
        let har = try imported([chrome, playwright])
        let exchange = try #require(har.recording.exchanges.last)
        #expect(
            exchange.request.body == Array("Action=GetCallerIdentity&Version=2011-06-15&Note=a%26b%3Dc".utf8))
        #expect(exchange.response?.body == Array("<A><Account>111122223333</Account></A>".utf8))
        #expect(har.recording.exchanges.map(\.account) == ["111122223333", "111122223333"])
        #expect(har.recording.manifest.account == "111122223333")
        #expect(har.recording.exchanges.map(\.sequence) == [1, 2])
    }

    @Test(
        "Instants have any fraction and offset",
        arguments: [
            ("2026-11-22T20:45:00Z", 0), ("2026-11-22T20:45:00.5Z", 0.5), ("2026-11-22T21:45:00.5+01:00", 0.5),
            ("2026-11-22T15:15:00.123456789012-0530", 0.123456789012), ("2026-11-22T20:45:00", 0),
            ("2026-11-22T20:45Z", 0), ("2026-11-23T00:45:00.000+04", 0), ("2026-11-22 20:45:00,25Z", 0.25),
        ]
    )
    func instants(text: String, fraction: Double) throws {
        let entry = playwright.replacing("2026-11-22T20:45:01.123456789Z", with: text)
        let started = try #require(try imported([entry]).recording.exchanges.first).started
        #expect(abs(started.timeIntervalSince1970 - 1_795_380_300 - fraction) < 1e-6)
    }

    @Test(
        "What is no instant makes no exchange",
        arguments: [
            "", "yesterday", "2026-13-22T20:45:00Z", "2026-02-30T20:45:00Z", "2026-11-22T20:45:00.Z",
            "2026-11-22T20:45:00Q",
        ]
    )
    func noInstant(text: String) throws {
        let entry = playwright.replacing("2026-11-22T20:45:01.123456789Z", with: text)
        #expect(
            try imported([entry, chrome]).leftOut.sentences
                == ["1 entry, not a HAR entry (startedDateTime is no instant): 1"])
    }

    @Test("Other traffic is left out, by its number and reason")
    func leftOut() throws {
        let har = try imported([
            chrome,
            chrome.replacing("Action=ListAccessKeys&Version=2010-05-08", with: "name=value"),
            chrome.replacing("Version=2010-05-08", with: "Version=2016-11-15"),
            chrome.replacing(#", "text": "<ListAccessKeysResponse>ü</L>""#, with: ""),
            #"{"pageref": "page_1"}"#, "[]", chrome.replacing(#""url""#, with: #""href""#),
            playwright.replacing(#""text": "PEE"#, with: #""text": "PEE!!"#).replacing("PEE!!", with: "="),
            playwright.replacing(#""time": 4"#, with: #""time": "4""#), chrome.replacing(#""url""#, with: #""href""#),
        ])
        #expect(har.recording.exchanges.count == 1)
        #expect(
            har.leftOut.sentences == [
                "2 entries, no request to IAM, STS or Organizations: 2-3",
                "1 entry, the answer's body isn't in the file: 4",
                "1 entry, not a HAR entry (request is missing): 5",
                "1 entry, not a HAR entry (the whole has another type than expected): 6",
                "2 entries, not a HAR entry (request.url is missing): 7, 10",
                "1 entry, not a HAR entry (response.content.text isn't base64): 8",
                "1 entry, not a HAR entry (time has another type than expected): 9",
            ])
    }

    /// What Foundation finds out about only when it is asked for, and doesn't call an error of decoding.
    @Test(
        "A number or a text that JSON can't have is no more than its entry's",
        arguments: [
            (#""status": 200"#, #""status": 1.5"#), (#""status": 200"#, #""status": 99999999999999999999"#),
            (#""status": 200"#, #""status": 1e999"#), (#""method": "POST""#, #""method": "\ud800""#),
        ])
    func unreadableValues(good: String, bad: String) throws {
        #expect(chrome.contains(good))
        let har = try imported([chrome, chrome.replacing(good, with: bad)])
        #expect(har.recording.exchanges.count == 1)
        #expect(har.leftOut.map(\.number) == [2])
    }

    @Test("Of very many reasons the first are told")
    func manyReasons() {
        let odd = (1...30).map { MockIAM.HARImport.LeftOut(number: $0, reason: .unreadable("member \($0)")) }
        #expect(odd.sentences.count == 21)
        #expect(odd.sentences.last == "10 entries more, for 10 other reasons")
    }

    @Test("Of very many entries the first are named")
    func manyLeftOut() {
        let odd = stride(from: 1, to: 100, by: 2).map { MockIAM.HARImport.LeftOut(number: $0, reason: .otherTraffic) }
        let sentence = odd.sentences.first ?? ""
        #expect(
            sentence.hasPrefix("50 entries, ")
                && sentence.hasSuffix(
                    ": 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35, 37, 39 and more")
        )
    }

    @Test("A presigned request by GET is kept as the POST that asks the same")
    func get() throws {
        let url =
            "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08&PathPrefix=%2Fa%2F&X-Amz-Signature=hush"
        let entry = chrome.replacing("https://iam.amazonaws.com/", with: url).replacing("postData", with: "_none")
            .replacing(#""method": "POST""#, with: #""method": "GET""#)
        let exchange = try #require(try imported([entry]).recording.exchanges.first)
        #expect(exchange.request.method == "POST" && exchange.request.url == "https://iam.amazonaws.com/")
        #expect(exchange.request.body == Array("Action=ListUsers&Version=2010-05-08&PathPrefix=%2Fa%2F".utf8))
    }

    @Test("Organizations is known by its target")
    func organizations() throws {
        let entry = chrome.replacing("content-type\", \"value\": \"application/x-www-form", with: "X")
            .replacing(
                #"{"name": "authorization", "value": "hush"}"#,
                with: #"{"name": "X-Amz-Target", "value": "AWSOrganizationsV20161128.ListAccounts"}"#
            )
            .replacing("Action=ListAccessKeys&Version=2010-05-08&UserName=ci-deploy", with: "{}")
        let exchange = try #require(try imported([entry]).recording.exchanges.first)
        #expect(exchange.operation == "ListAccounts" && exchange.request.body == Array("{}".utf8))
        let other = entry.replacing("AWSOrganizationsV20161128.", with: "DynamoDB_20120810.")
        #expect(try imported([entry, other]).leftOut == [.init(number: 2, reason: .otherTraffic)])
    }

    @Test("An operation is what the request asks for, not what the entry calls it")
    func mislabelled() throws {
        let entry = chrome.replacing(#"{"_initiator""#, with: #"{"_op": "ListUsers", "_initiator""#)
            .replacing("Action=ListAccessKeys", with: "Action=AssumeRole&ExternalId=hush")
        let exchange = try #require(try imported([entry]).recording.exchanges.first)
        #expect(exchange.operation == "AssumeRole")
        #expect(exchange.request.body == Array("<redacted>".utf8))
        #expect(exchange.response?.body == Array("<redacted>".utf8))
    }

    @Test("A request without an answer is kept as such, an error with its status")
    func outcomes() throws {
        let silent = chrome.replacing(#""status": 200"#, with: #""status": 0"#)
        let failed = chrome.replacing(#""status": 200"#, with: #""status": 403"#)
        let exchanges = try imported([silent, failed]).recording.exchanges
        #expect(exchanges[0].outcome == .noAnswer("no answer"))
        #expect(exchanges[1].response?.status == 403)
    }

    @Test("What of a document is taken out because it may hold secrets is named, by its number in the recording")
    func bodiless() throws {
        let secret = chrome.replacing("Action=ListAccessKeys", with: "Action=AssumeRole")
            .replacing("iam.amazonaws.com/", with: "sts.amazonaws.com/").replacing("2010-05-08", with: "2011-06-15")
        let har = try imported([#"{"pageref": "page_1"}"#, chrome, secret, playwright, secret])
        #expect(
            har.recording.exchanges.map(\.operation) == [
                "ListAccessKeys", "AssumeRole", "GetCallerIdentity", "AssumeRole",
            ])
        #expect(har.bodiless == [2, 4])
        #expect(
            MockIAM.Conversion.bodiless(har.recording, or: har.bodiless) == ["AssumeRole, exchanges 2, 4"])
        // What was taken out before is no news.
        let again = try MockIAM.HARImport(MockIAM.Conversion.bytes(har.recording, as: .har))
        #expect(again.recording.exchanges.count == 4 && again.bodiless.isEmpty)
    }

    @Test("A byte order mark, as some tools write, does no harm")
    func byteOrderMark() throws {
        let bytes: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(document([chrome]).utf8)
        #expect(try MockIAM.HARImport(bytes).recording.exchanges.count == 1)
    }

    @Test("What is no HAR document, or has nothing for us, says so", arguments: ["", "[]", "{\"log\": {}}", "<html>"])
    func noDocument(text: String) {
        #expect(throws: RecordingError("not a HAR document: no JSON object with log.entries")) {
            try MockIAM.HARImport(Array(text.utf8))
        }
    }

    @Test("A document without a request of ours says so")
    func nothingOfOurs() throws {
        let error = try #require(throws: RecordingError.self) {
            try MockIAM.HARImport(Array(document([#"{"a": 1}"#]).utf8))
        }
        #expect(error.description.contains("none of the 1 entries"))
        #expect(error.description.hasSuffix("Left out: 1 entry, not a HAR entry (request is missing): 1."))
    }

    private func imported(_ entries: [String]) throws -> MockIAM.HARImport {
        try MockIAM.HARImport(Array(document(entries).utf8))
    }

    private func document(_ entries: [String]) -> String {
        #"{"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "entries": ["#
            + entries.joined(separator: ", ") + "]}}"
    }
}
