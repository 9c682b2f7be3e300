import AWSClient
import FoundationEssentials
import Synchronization
import Testing

/// Credentials, and settings about them, that are there but can't be used.
@Suite struct UnusableCredentialTests {
    @Test(arguments: [
        ("geheim\r", "has a line break at its end; a file with the line ends of Windows leaves one"),
        ("geheim\n", "has a line break at its end; a file with the line ends of Windows leaves one"),
        ("geheim\r\nX-Other: 1", "has a line break in it"), ("geheim\u{7}2", "has a control character in it"),
        ("geheim\u{7F}2", "has a control character in it"),
    ])
    func `what no header can hold is named, and not shown`(value: String, words: String) async throws {
        let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
        for name in names {
            var environment = Dictionary(uniqueKeysWithValues: names.map { ($0, "good") })
            environment[name] = value
            let error = await #expect(throws: CredentialError.self) {
                try await Machine(environment: environment).credentials()
            }
            #expect(error == .invalid(origin: "environment variables", reason: "\(name) \(words)"))
            #expect(error?.description.contains("geheim") == false)
        }
    }

    @Test func `a setting that goes on in the next line is named, too`() async throws {
        let file = "[default]\naws_access_key_id = a\naws_secret_access_key = b\naws_session_token = geheim\n  more\n"
        let error = await #expect(throws: CredentialError.self) {
            try await Machine(credentials: file).credentials()
        }
        #expect(error?.description.contains("aws_session_token has a line break in it") == true)
        #expect(error?.description.contains("geheim") == false)
    }

    @Test func `they sign nothing, whoever has found them`() async throws {
        let provider = CredentialProvider(
            Credentials(
                accessKeyID: "a", secretAccessKey: Secret("b"), sessionToken: Secret("geheim\n"), origin: "test"))
        let error = await #expect(throws: CredentialError.self) { try await provider.credentials() }
        #expect(error?.description.hasPrefix("test: the session token has a line break at its end") == true)
    }

    /// Fails always, and counts.
    private final class Failing: Transport {
        private let requests = Mutex(0)

        var count: Int { requests.withLock { $0 } }

        func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
            requests.withLock { $0 += 1 }
            return HTTPResponse(status: 500, body: [])
        }
    }

    @Test(arguments: [(["AWS_MAX_ATTEMPTS": "1"], 1), (["AWS_RETRY_MODE": "legacy"], 5), ([:], 3)])
    func `calls for credentials are tried as often as all others`(environment: [String: String], count: Int)
        async throws
    {
        let machine = Machine(
            config: "[default]\nrole_arn = arn:aws:iam::111122223333:role/audit\nsource_profile = base\n",
            credentials: "[base]\naws_access_key_id = test\naws_secret_access_key = test\n", environment: environment)
        let transport = Failing()
        await #expect(throws: CredentialError.self) { try await machine.credentials(transport: transport) }
        #expect(transport.count == count)
    }

    // MARK: Files

    private struct Unreadable: Error {}

    private func file(_ path: String) throws -> SharedFile {
        try SharedConfiguration(
            profile: nil, environment: ["AWS_CONFIG_FILE": path, "AWS_SHARED_CREDENTIALS_FILE": "/nowhere"], home: nil,
            read: { if $0 == "/nowhere" { nil } else { throw Unreadable() } }
        ).configFile
    }

    @Test(arguments: ["/dev/null/.aws/config", "\(#filePath)/config", "/"])
    func `what can't be a file is none`(path: String) throws {
        #expect(try !file(path).exists)
    }

    @Test func `a byte order mark is called that`() throws {
        let machine = Machine(config: "\u{FEFF}[default]\nregion = us-east-1\n")
        let error = #expect(throws: CredentialError.self) { try machine.surroundings() }
        #expect("\(try #require(error))".contains("byte order mark"))
    }

    @Test func `one that is there and can't be read is an error`() {
        #expect(throws: CredentialError.self) { try file(#filePath) }
    }
}
