import Recording
import Testing

@Suite("Scrubbing")
struct ScrubberTests {
    @Test(
        "A secret header is never kept, in whatever case",
        arguments: [
            "Authorization", "AUTHORIZATION", "X-Amz-Security-Token", "Cookie", "x-amz-sso_bearer_token", "X-Tomorrow",
        ]
    )
    func requestHeader(name: String) throws {
        let exchange = Exchange.made(requestHeaders: [
            Exchange.Header(name: name, value: "hush"), Exchange.Header(name: "Host", value: "iam.amazonaws.com"),
        ])
        let clean = Scrubber().scrub(exchange)
        #expect(clean.request.headers == [Exchange.Header(name: "Host", value: "iam.amazonaws.com")])
        #expect(!(try text(clean)).contains("hush"))
    }

    @Test("An answer's cookies are not kept; its type and request id are")
    func responseHeaders() {
        let exchange = Exchange.made(
            outcome: .answer(
                Exchange.Response(
                    status: 200,
                    headers: [
                        Exchange.Header(name: "Set-Cookie", value: "hush"),
                        Exchange.Header(name: "Content-Type", value: "text/xml"),
                        Exchange.Header(name: "x-amzn-RequestId", value: "1"),
                    ], body: []
                ))
        )
        #expect(Scrubber().scrub(exchange).response?.headers.map(\.name) == ["Content-Type", "x-amzn-RequestId"])
    }

    @Test(
        "Bodies of operations that hand out credentials, or that nobody knows, are not kept",
        arguments: ["AssumeRole", "AssumeRoleWithWebIdentity", "CreateAccessKey", "GetRoleCredentials", "Unheard"]
    )
    func secretBodies(operation: String) throws {
        let exchange = Exchange.made(
            operation: operation, requestBody: "Action=\(operation)&ExternalId=hush",
            outcome: .answer(
                Exchange.Response(status: 200, body: Array("<SecretAccessKey>hush</SecretAccessKey>".utf8)))
        )
        let clean = Scrubber().scrub(exchange)
        #expect(!(try text(clean)).contains("hush"))
        #expect(clean.response?.body == Array(Scrubber.redacted.utf8))
    }

    @Test(
        "Bodies of the operations that read keys and accounts are kept to the byte",
        arguments: ["ListUsers", "GetCredentialReport", "GetUser", "ListAccountAliases", "ListAccounts"]
    )
    func keptBodies(operation: String) {
        let exchange = Exchange.made(
            operation: operation,
            requestHeaders: [
                Exchange.Header(name: "X-Amz-Target", value: "AWSOrganizationsV20161128.\(operation)")
            ])
        #expect(Scrubber().scrub(exchange) == exchange)
    }

    @Test(
        "No query string, fragment or user information of a URL is kept",
        arguments: [
            ("https://iam.amazonaws.com/?X-Amz-Signature=hush", "https://iam.amazonaws.com/"),
            ("https://iam.amazonaws.com/#hush", "https://iam.amazonaws.com/"),
            ("https://user:hush@iam.amazonaws.com/a@b", "https://iam.amazonaws.com/a@b"),
            ("https://user:hush@iam.amazonaws.com?x=hush", "https://iam.amazonaws.com"),
            ("http://a@hush@127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://iam.amazonaws.com/", "https://iam.amazonaws.com/"),
        ]
    )
    func url(_ url: String, kept: String) {
        #expect(Scrubber().scrub(Exchange.made(url: url)).request.url == kept)
    }

    private func text(_ exchange: Exchange) throws -> String {
        String(decoding: RecordingWriter.line(exchange), as: UTF8.self)
    }
}
