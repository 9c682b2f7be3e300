import Foundation
import Logging
@testable import MockIAM
import NIOCore
import Recording
import Testing

@Suite("Recording through the proxy")
struct RecordTests {
    private static let fixtures = ["demo-account", "partial-account"]

    @Test("What was recorded replays as the upstream answered, to the byte", arguments: fixtures)
    func replays(name: String) async throws {
        try await withFolder { folder in
            let original = try BundledRecording.read(name)
            let (first, exchanges) = try await MockIAM.run(fixture: BundledRecording.folder(name).path) { upstream in
                try await recording(upstream, to: folder) { recorder in
                    try await RawConnection.open(to: recorder) { try await AccountReader.read(&$0) }
                }
            }
            #expect(exchanges == original.exchanges.count)
            let recorded = try MockIAM.RecordedFile(reading: folder).recording
            // The reader asks in another order than the script that made the fixture.
            let answers = { (recording: RecordedExchanges) in
                Dictionary(grouping: recording.exchanges, by: \.request.key).mapValues { $0.map(\.response?.body) }
            }
            #expect(answers(recorded) == answers(original))
            #expect(recorded.exchanges.map(\.sequence) == Array(1...exchanges))
            #expect(Set(recorded.exchanges.map(\.account)) == [original.manifest.account])
            let again = try await MockIAM.run(fixture: folder) { server async throws in
                let account = try await RawConnection.open(to: server) { try await AccountReader.read(&$0) }
                #expect(server.journal.unmatched.isEmpty)
                return account
            }
            #expect(again == first)
            #expect(!again.keys.isEmpty)
        }
    }

    @Test("Anonymised as it is written, it replays with other names in the same places", arguments: fixtures)
    func anonymized(name: String) async throws {
        try await withFolder { folder in
            let original = try BundledRecording.read(name)
            let (seen, exchanges) = try await MockIAM.run(fixture: BundledRecording.folder(name).path) { upstream in
                try await recording(upstream, to: folder, anonymizer: MockIAM.Anonymizer()) { recorder in
                    try await RawConnection.open(to: recorder) { try await AccountReader.read(&$0) }
                }
            }
            // The caller sees what the upstream says; only the recording is anonymous.
            #expect(Set(seen.users) == Set(original.leaves("UserName", of: "ListUsers")))
            #expect(exchanges == original.exchanges.count)
            let bytes = SearchableBytes(Array(try Data(contentsOf: URL(filePath: "\(folder)/exchanges.jsonl"))))
            #expect(original.identifiers.filter(bytes.mention) == [])
            let again = try await MockIAM.run(fixture: folder) { server async throws in
                let account = try await RawConnection.open(to: server) { try await AccountReader.read(&$0) }
                #expect(server.journal.unmatched.isEmpty)
                return account
            }
            #expect(again.users.count == seen.users.count && again.keys.count == seen.keys.count)
            #expect(Set(again.users).isDisjoint(with: seen.users))
        }
    }

    @Test("The upstream is asked with the recorder's own key, for the region that the caller meant")
    func signsAnew() async throws {
        try await withFolder { folder in
            let credentials = MockIAM.UpstreamCredentials(
                accessKeyID: "AKIAUPSTREAM00000001", secret: "upstream-secret-0123456789",
                sessionToken: "token-0123456789abcdef")
            var options = MockIAM.Options(testKeys: [credentials.accessKeyID: credentials.secret])
            options.logger = .init(label: "") { _ in RememberingLogHandler(lines: LoggedLines()) }
            try await MockIAM.run(account: .made(users: 2), options: options) { upstream in
                _ = try await recording(upstream, to: folder, credentials: credentials) { recorder in
                    for region in ["eu-west-1", "us-east-1"] {
                        var key = SigningKey.test
                        key.region = region
                        let answer = try await recorder.post("Action=GetCallerIdentity&Version=2011-06-15", as: key)
                        #expect(answer?.status == 200)
                    }
                    let users = try await recorder.post("Action=ListUsers&Version=2010-05-08")
                    #expect(users?.values("UserName") == ["user-00", "user-01"])
                }
                #expect(Set(upstream.journal.entries.map(\.accessKeyID)) == [credentials.accessKeyID])
            }
            let text = try String(contentsOfFile: "\(folder)/exchanges.jsonl", encoding: .utf8)
            for secret in [
                credentials.secret, "token-0123456789abcdef", "Authorization", "AWS4-HMAC", "Security-Token",
            ] {
                #expect(!text.contains(secret), "\(secret)")
            }
            #expect("\(credentials)" == "<redacted>" && String(reflecting: credentials) == "<redacted>")
        }
    }

    @Test("A caller whose signature is wrong is refused, and nothing is asked or recorded")
    func wrongSignature() async throws {
        try await withFolder { folder in
            let lines = LoggedLines()
            try await MockIAM.run(account: .made(users: 1)) { upstream in
                let (_, exchanges) = try await recording(upstream, to: folder, lines: lines) { recorder in
                    var key = SigningKey(id: "test", secret: "guessed")
                    let form = "Action=ListUsers&Version=2010-05-08"
                    #expect(try await recorder.post(form, as: key)?.code == "SignatureDoesNotMatch")
                    key = SigningKey(id: "AKIAUNKNOWN", secret: "test")
                    #expect(try await recorder.post(form, as: key)?.code == "InvalidClientTokenId")
                    key = .test
                    key.date -= 3600
                    #expect(try await recorder.post(form, as: key)?.code == "SignatureDoesNotMatch")
                    let unsigned = try await RawConnection.open(to: recorder) { connection async throws in
                        try await connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
                        return try await connection.answer()
                    }
                    #expect(unsigned?.code == "MissingAuthenticationToken")
                }
                #expect(exchanges == 0 && upstream.journal.served == 0)
            }
            #expect(lines.all.count { $0.hasPrefix("warning 403") } == 4)
        }
    }

    @Test("What changes something is passed on only where that was allowed, and credentials handed out aren't kept")
    func writes() async throws {
        try await withFolder { folder in
            let form =
                "Action=AssumeRole&Version=2011-06-15&RoleArn=arn:aws:iam::111122223333:role/Audit"
                + "&RoleSessionName=jo&ExternalId=hush-hush"
            try await MockIAM.run(account: .made(users: 1)) { upstream in
                _ = try await recording(upstream, to: "\(folder)/1") { recorder in
                    let answer = try await recorder.post(form)
                    #expect(answer?.status == 403 && answer?.code == "AccessDenied")
                    #expect(answer?.message?.contains("--allow-writes") == true)
                    let token = try await recorder.post("Action=GetSessionToken&Version=2011-06-15")
                    #expect(token?.code == "AccessDenied")
                }
                #expect(upstream.journal.served == 0)
                let (secret, exchanges) = try await recording(upstream, to: "\(folder)/2", allowsWrites: true) {
                    try await $0.post(form)?.values("SecretAccessKey").first
                }
                #expect(exchanges == 1 && secret?.utf8.count == 40)
                let text = try String(contentsOfFile: "\(folder)/2/exchanges.jsonl", encoding: .utf8)
                #expect(!text.contains(try #require(secret)) && !text.contains("hush-hush"))
                #expect(text.contains("AssumeRole"))
            }
        }
    }

    @Test("An upstream that can't be reached is a 502 in AWS's form, and an exchange without an answer")
    func unreachable() async throws {
        try await withFolder { folder in
            // Of a server that is gone by then.
            let url = try await MockIAM.run(account: .made(users: 0)) { $0.endpointURL }
            let options = MockIAM.RecordOptions(
                upstream: try MockIAM.Upstream(url), credentials: .init(accessKeyID: "test", secret: "test"),
                directory: folder)
            let start = ContinuousClock.now
            let recorded = try await MockIAM.record(options) { recorder in
                try await recorder.post("Action=ListUsers&Version=2010-05-08")
            }
            // Nobody waits for somebody to listen after all.
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(recorded.result?.status == 502 && recorded.result?.code == "MockIAM.UpstreamFailed")
            #expect(recorded.result?.body.hasPrefix("<ErrorResponse xmlns=") == true)
            let exchange = try #require(try MockIAM.RecordedFile(reading: folder).recording.exchanges.first)
            #expect(exchange.outcome == .noAnswer("connection refused"))
        }
    }

    @Test("An upstream that hangs keeps nobody from ending the recorder")
    func hangingUpstream() async throws {
        try await withFolder { folder in
            let plan = MockIAM.FaultPlan(rules: [MockIAM.FaultPlan.Rule(latency: .seconds(3600))])
            try await MockIAM.run(account: .made(users: 1), options: MockIAM.Options(faults: plan)) { upstream in
                let ((caller, end), exchanges) = try await recording(upstream, to: folder) { recorder in
                    let caller = Task { try? await recorder.post("Action=ListUsers&Version=2010-05-08") }
                    while upstream.journal.served == 0 { try await Task.sleep(for: .milliseconds(10)) }
                    return (caller, ContinuousClock.now)
                }
                #expect(ContinuousClock.now - end < .seconds(10))
                #expect(exchanges == 1)
                _ = await caller.value
            }
            let exchange = try #require(try MockIAM.RecordedFile(reading: folder).recording.exchanges.first)
            #expect(exchange.outcome == .noAnswer("terminated"))
        }
    }

    @Test("A redirection is for the caller to see: no signed request follows it")
    func redirection() async throws {
        try await withFolder { folder in
            let answer = Exchange.made(
                "Action=ListUsers", answer: "<A/>", status: 302,
                headers: [Exchange.Header(name: "Location", value: "http://127.0.0.1:1/")])
            try await MockIAM.run(.made([answer])) { upstream in
                let (answer, _) = try await recording(upstream, to: folder) {
                    try await $0.post("Action=ListUsers&Version=2010-05-08")
                }
                #expect(answer?.status == 302 && answer?.headers["location"] == "http://127.0.0.1:1/")
                #expect(upstream.journal.served == 1)
            }
        }
    }

    @Test("An answer that quotes the credentials is neither kept nor passed on")
    func quotedSecret() async throws {
        try await withFolder { folder in
            let token = "IQoJb3JpZ2luX2VjEXAMPLE+/=="
            let answer = Exchange.made(
                "Action=ListUsers", answer: "<E><Message>x-amz-security-token:\(token)</Message></E>", status: 403)
            try await MockIAM.run(.made([answer])) { upstream in
                let (answer, _) = try await recording(
                    upstream, to: folder, credentials: .init(accessKeyID: "test", secret: "test", sessionToken: token)
                ) {
                    try await $0.post("Action=ListUsers&Version=2010-05-08")
                }
                #expect(answer?.status == 502 && answer?.code == "MockIAM.SecretInAnswer")
                #expect(answer?.body.contains("IQoJ") == false)
            }
            let text = try String(contentsOfFile: "\(folder)/exchanges.jsonl", encoding: .utf8)
            #expect(!text.contains("IQoJ") && text.contains("\"_outcome\":\"http-403\""))
        }
    }

    @Test("A presigned request by GET is asked and recorded as the POST that asks the same")
    func presigned() async throws {
        try await withFolder { folder in
            try await MockIAM.run(account: .made(users: 1)) { upstream in
                let (answer, _) = try await recording(upstream, to: folder) { recorder in
                    try await RawConnection.open(to: recorder) { connection async throws in
                        let target = "/?Action=ListUsers&Version=2010-05-08&MaxItems=5"
                        let signer = RequestSigner(
                            accessKeyID: "test", secret: "test", region: "us-east-1", service: "iam")
                        let message = SignedMessage(
                            method: "GET", target: target, headers: [("Host", "localhost")], body: [])
                        var lines = "GET \(target) HTTP/1.1\r\n"
                        for header in try signer.signed(message, at: .now).headers {
                            lines += "\(header.name): \(header.value)\r\n"
                        }
                        try await connection.send(lines + "\r\n")
                        return try await connection.answer()
                    }
                }
                #expect(answer?.values("UserName") == ["user-00"])
            }
            let exchange = try #require(try MockIAM.RecordedFile(reading: folder).recording.exchanges.first)
            #expect(exchange.request.method == "POST")
            #expect(exchange.request.body == Array("Action=ListUsers&Version=2010-05-08&MaxItems=5".utf8))
        }
    }

    @Test("A request with two actions is refused: by the one it would be judged, by the other answered")
    func twoActions() async throws {
        try await withFolder { folder in
            try await MockIAM.run(account: .made(users: 1)) { upstream in
                let (answer, exchanges) = try await recording(upstream, to: folder) {
                    try await $0.post("Action=ListUsers&Action=CreateAccessKey&Version=2010-05-08")
                }
                #expect(answer?.status == 400 && exchanges == 0)
            }
        }
    }

    @Test("What simulates or looks up is recorded, anonymised as well, and replays")
    func simulations() async throws {
        try await withFolder { folder in
            let forms = [
                "Action=SimulatePrincipalPolicy&Version=2010-05-08&PolicySourceArn=arn:aws:iam::111122223333:role/Audit"
                    + "&ActionNames.member.1=iam:CreateUser",
                "Action=GetAccessKeyInfo&Version=2011-06-15&AccessKeyId=AKIA0000000000111100",
            ]
            try await MockIAM.run(account: .made(users: 1)) { upstream in
                let lines = LoggedLines()
                let (asked, _) = try await recording(upstream, to: "\(folder)/1", lines: lines) { recorder in
                    [try await recorder.post(forms[0])?.body, try await recorder.post(forms[1])?.body]
                }
                #expect(!lines.all.contains { $0.hasPrefix("warning") })
                let replayed = try await MockIAM.run(fixture: "\(folder)/1") { server in
                    [try await server.post(forms[0])?.body, try await server.post(forms[1])?.body]
                }
                #expect(replayed == asked && asked[0]?.contains("<EvalDecision>allowed</EvalDecision>") == true)
                _ = try await recording(upstream, to: "\(folder)/2", anonymizer: MockIAM.Anonymizer()) { recorder in
                    for form in forms {
                        let answer = try await recorder.post(form)
                        #expect(answer?.status == 200)
                    }
                }
            }
            let text = try String(contentsOfFile: "\(folder)/2/exchanges.jsonl", encoding: .utf8)
            for kept in ["iam:CreateUser", "<EvalDecision>allowed<", "<EvalResourceName>*<"] {
                #expect(text.contains(kept), "\(kept)")
            }
            for name in ["111122223333", "Audit", "AKIA0000000000111100"] { #expect(!text.contains(name), "\(name)") }
        }
    }

    @Test("What tells of the organization is recorded, anonymised as well, and replays")
    func organization() async throws {
        try await withFolder { folder in
            try await MockIAM.run(account: .made(users: 1)) { upstream in
                let lines = LoggedLines()
                let (asked, _) = try await recording(upstream, to: "\(folder)/1", lines: lines) { recorder in
                    try await describeOrganization(host: recorder.host, port: recorder.port)
                }
                #expect(asked?.json["Organization"]?["MasterAccountId"] == "111122223333")
                #expect(!lines.all.contains { $0.hasPrefix("warning") })
                let replayed = try await MockIAM.run(fixture: "\(folder)/1") { server in
                    try await describeOrganization(host: server.host, port: server.port)
                }
                #expect(replayed?.body == asked?.body)
                _ = try await recording(upstream, to: "\(folder)/2", anonymizer: MockIAM.Anonymizer()) { recorder in
                    try await describeOrganization(host: recorder.host, port: recorder.port)
                }
                let id = try #require(asked?.json["Organization"]?["Id"]?.text)
                let text = try String(contentsOfFile: "\(folder)/2/exchanges.jsonl", encoding: .utf8)
                for name in ["111122223333", id] { #expect(!text.contains(name), "\(name)") }
                let anonymous = try await MockIAM.run(fixture: "\(folder)/2") { server in
                    try await describeOrganization(host: server.host, port: server.port)
                }
                let organization = try #require(anonymous?.json["Organization"])
                #expect(organization["FeatureSet"] == "ALL" && !"\(organization)".contains("redacted"))
                #expect(organization["MasterAccountEmail"]?.text?.hasSuffix("@example.com") == true)
                let (account, other) = (organization["MasterAccountId"]?.text, organization["Id"]?.text)
                #expect(
                    organization["MasterAccountArn"]?.text
                        == "arn:aws:organizations::\(account ?? "-"):account/\(other ?? "-")/\(account ?? "-")")
            }
        }
    }

    private func describeOrganization(host: String, port: Int) async throws -> RawAnswer? {
        let message = SignedMessage(
            method: "POST", target: "/",
            headers: [
                ("Host", "localhost"), ("Content-Type", "application/x-amz-json-1.1"),
                ("X-Amz-Target", "AWSOrganizationsV20161128.DescribeOrganization"),
            ], body: Array("{}".utf8))
        let signer = RequestSigner(
            accessKeyID: "test", secret: "test", region: "us-east-1", service: "organizations")
        let headers = try signer.signed(message, at: .now).headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        return try await RawConnection.open(host: host, port: port) { connection in
            try await connection.send("POST / HTTP/1.1\r\n\(headers)Content-Length: 2\r\n\r\n{}")
            return try await connection.answer()
        }
    }

    @Test("Whatever is recorded without its bodies is said to be")
    func bodiless() async throws {
        try await withFolder { folder in
            let lines = LoggedLines()
            try await MockIAM.run(account: .made(users: 1)) { upstream in
                _ = try await recording(upstream, to: folder, lines: lines) { recorder in
                    _ = try await recorder.post("Action=ListRoles&Version=2010-05-08")
                    _ = try await recorder.post("Action=ListUsers&Version=2010-05-08")
                }
            }
            #expect(lines.all.count { $0.hasPrefix("warning ListRoles is recorded without") } == 1)
            #expect(lines.all.count { $0.hasPrefix("warning") } == 1)
        }
    }

    @Test("After a request that asks for another protocol the connection ends", .timeLimit(.minutes(1)))
    func upgrade() async throws {
        try await withFolder { folder in
            try await MockIAM.run(account: .made(users: 1)) { upstream in
                _ = try await recording(upstream, to: folder) { recorder in
                    try await RawConnection.open(to: recorder) { connection async throws in
                        try await connection.post(
                            "Action=ListUsers&Version=2010-05-08",
                            headers:
                                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n")
                        let answer = try #require(try await connection.answer())
                        #expect(answer.status == 200 && answer.headers["connection"] == "close")
                        #expect(try await connection.answer() == nil)
                    }
                }
            }
        }
    }

    @Test("Headers or a body that are too large get an answer that says so")
    func tooLarge() async throws {
        try await withFolder { folder in
            try await MockIAM.run(account: .made(users: 1)) { upstream in
                let (_, exchanges) = try await recording(upstream, to: folder) { recorder in
                    let body = String(repeating: "x", count: 3 << 20)
                    let header = "X: \(String(repeating: "x", count: 100 << 10))\r\n"
                    for (request, status) in [
                        (String.post(body), 413), ("POST / HTTP/1.1\r\nHost: x\r\n\(header)\r\n", 431),
                    ] {
                        let outcome = try await HostileClient.talk(port: recorder.port, [ByteBuffer(string: request)])
                        #expect(outcome.statuses == [status])
                    }
                }
                #expect(exchanges == 0)
            }
        }
    }

    @Test("Many callers at once: every exchange has its line, and the file can be read at any time")
    func concurrency() async throws {
        try await withFolder { folder in
            try await MockIAM.run(account: .made(users: 3)) { upstream in
                _ = try await recording(upstream, to: folder) { recorder in
                    try await withThrowingTaskGroup { group in
                        for number in 1...40 {
                            group.addTask {
                                try await recorder.post("Action=ListUsers&Version=2010-05-08&MaxItems=\(number)")?
                                    .status
                            }
                        }
                        for try await status in group { #expect(status == 200) }
                    }
                    // Still recording: as after a kill.
                    let recording = try MockIAM.RecordedFile(reading: folder).recording
                    #expect(recording.exchanges.map(\.sequence) == Array(1...40))
                    #expect(Set(recording.exchanges.map(\.request.body)).count == 40)
                }
            }
        }
    }

    @Test("The SDK's own count of attempts is kept")
    func attempts() async throws {
        try await withFolder { folder in
            try await MockIAM.run(account: .made(users: 1)) { upstream in
                _ = try await recording(upstream, to: folder) { recorder in
                    try await RawConnection.open(to: recorder) { connection async throws in
                        for attempt in ["attempt=1", "attempt=3; max=5", "attempt=x"] {
                            try await connection.post(
                                "Action=ListUsers&Version=2010-05-08", headers: "amz-sdk-request: \(attempt)\r\n")
                            _ = try await connection.answer()
                        }
                    }
                }
            }
            #expect(try MockIAM.RecordedFile(reading: folder).recording.exchanges.map(\.attempt) == [1, 3, 1])
        }
    }

    // MARK: Beginning

    @Test("A recording that is there already is left as it is")
    func existing() async throws {
        try await withFolder { folder in
            try Data("mine".utf8).write(to: URL(filePath: "\(folder)/exchanges.jsonl"))
            let options = MockIAM.RecordOptions(
                upstream: .aws, credentials: .init(accessKeyID: "a", secret: "b"), directory: folder)
            let error = try await #require(throws: MockIAM.RecordingFailure.self) {
                try await MockIAM.record(options) { _ in }
            }
            #expect(error.description.contains("exists and is left as it is"))
            #expect(try Data(contentsOf: URL(filePath: "\(folder)/exchanges.jsonl")) == Data("mine".utf8))
        }
    }

    @Test(
        "It listens on this machine only",
        arguments: ["0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1.example.com"])
    func listensHere(host: String) async throws {
        let options = MockIAM.RecordOptions(
            host: host, upstream: .aws, credentials: .init(accessKeyID: "a", secret: "b"), directory: "/nowhere")
        await #expect(throws: MockIAM.RecordingFailure.self) { try await MockIAM.record(options) { _ in } }
    }

    @Test(
        "Plain HTTP goes to this machine only, and a URL has nothing beside scheme, host and port",
        arguments: [
            ("aws", "aws"), ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"), ("http://[::1]:80", "http://[::1]:80"),
            ("HTTPS://IAM.example.com", "https://iam.example.com"), ("http://localhost", "http://localhost"),
            ("http://iam.amazonaws.com", nil), ("http://127.0.0.1.example.com", nil), ("http://10.0.0.1", nil),
            ("https://user@example.com", nil), ("https://example.com/path", nil), ("https://example.com?x", nil),
            ("ftp://localhost", nil), ("localhost:80", nil), ("", nil), ("https://", nil), ("http://[::1", nil),
        ]
    )
    func upstreams(text: String, expected: String?) {
        #expect((try? MockIAM.Upstream(text))?.description == expected)
    }

    @Test(
        "AWS's endpoints and signing regions follow from the caller's region",
        arguments: [
            ("iam", "us-east-1", "https://iam.amazonaws.com", "us-east-1"),
            ("iam", "eu-west-1", "https://iam.amazonaws.com", "us-east-1"),
            ("sts", "eu-west-1", "https://sts.eu-west-1.amazonaws.com", "eu-west-1"),
            ("sts", "cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            ("iam", "cn-northwest-1", "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            ("iam", "us-gov-east-1", "https://iam.us-gov.amazonaws.com", "us-gov-west-1"),
            ("organizations", "eu-west-1", "https://organizations.us-east-1.amazonaws.com", "us-east-1"),
            ("iam", "eusc-de-east-1", "https://iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        ]
    )
    func destinations(service: String, region: String, url: String, signingRegion: String) {
        let destination = MockIAM.Upstream.aws.destination(service: service, region: region)
        #expect(destination.url == url && destination.signingRegion == signingRegion)
    }

    @Test("Without credentials it says which are missing and where to get them")
    func noCredentials() throws {
        let error = try #require(throws: MockIAM.RecordingFailure.self) {
            try MockIAM.UpstreamCredentials(environment: ["AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": ""])
        }
        #expect(error.description.hasPrefix("AWS_SECRET_ACCESS_KEY isn't set"))
        #expect(error.description.contains("aws configure export-credentials"))
        let token = try MockIAM.UpstreamCredentials(environment: [
            "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "",
        ]).sessionToken
        #expect(token == nil)
    }

    // MARK: Running one

    private func recording<Result>(
        _ upstream: MockIAM.Server, to folder: String, anonymizer: MockIAM.Anonymizer? = nil,
        credentials: MockIAM.UpstreamCredentials = .init(accessKeyID: "test", secret: "test"),
        allowsWrites: Bool = false, lines: LoggedLines = LoggedLines(),
        _ body: (MockIAM.Recorder) async throws -> Result
    ) async throws -> (result: Result, exchanges: Int) {
        try await MockIAM.record(
            MockIAM.RecordOptions(
                upstream: try MockIAM.Upstream(upstream.endpointURL), credentials: credentials, directory: folder,
                anonymizer: anonymizer, allowsWrites: allowsWrites,
                logger: .init(label: "") { _ in RememberingLogHandler(lines: lines) }), body)
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "MockIAMTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path)
    }
}

extension RawConnection {
    fileprivate static func open<Result: Sendable>(
        to recorder: MockIAM.Recorder, _ body: (inout RawConnection) async throws -> Result
    ) async throws -> Result {
        try await open(host: recorder.host, port: recorder.port, body)
    }
}

extension MockIAM.Recorder {
    /// One form over a connection of its own.
    fileprivate func post(_ form: String, as key: SigningKey = .test) async throws -> RawAnswer? {
        try await RawConnection.open(to: self) { connection async throws in
            try await connection.post(form, as: key)
            return try await connection.answer()
        }
    }
}

extension Exchange.Request {
    fileprivate var key: RequestKey? {
        RequestKey(formBody: body)
    }
}
