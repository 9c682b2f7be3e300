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
        arguments: [
            "ListUsers", "GetCredentialReport", "GetUser", "ListAccountAliases", "ListAccounts", "DescribeOrganization",
        ]
    )
    func keptBodies(operation: String) {
        let target = Exchange.Header(name: "X-Amz-Target", value: "AWSOrganizationsV20161128.\(operation)")
        for exchange in [
            Exchange.made(operation: operation, requestBody: "Action=\(operation)&Version=2010-05-08"),
            Exchange.made(operation: operation, requestHeaders: [target], requestBody: "{}"),
        ] {
            #expect(Scrubber().scrub(exchange) == exchange)
        }
    }

    @Test(
        "No body is kept because of what an exchange is called: its request has to ask for just that",
        arguments: [
            ("https://sts.amazonaws.com/?Action=AssumeRole&ExternalId=hush", nil, "", "AssumeRole"),
            ("https://iam.amazonaws.com/", "secretsmanager.GetSecretValue", "{}", "secretsmanager.GetSecretValue"),
            ("https://iam.amazonaws.com/", "AWSCognito.ListUsers", "{}", "AWSCognito.ListUsers"),
            ("https://iam.amazonaws.com/", "AWSOrganizationsV20161128.ListUsers", "Action=AssumeRole", "ListUsers"),
            ("https://iam.amazonaws.com/?Action=ListUsers", nil, "Action=AssumeRole", "ListUsers"),
            ("https://iam.amazonaws.com/", nil, "Action=ListUsers&Action=AssumeRole", "ListUsers"),
            ("https://iam.amazonaws.com/", nil, "hush", "ListUsers"),
            ("https://iam.amazonaws.com/", nil, "", "ListUsers"),
            ("https://iam.amazonaws.com/#?Action=ListUsers", nil, "hush", "ListUsers"),
        ] as [(String, String?, String, String)]
    )
    func miscalled(url: String, target: String?, body: String, operation: String) throws {
        let answer = Exchange.Response(status: 200, body: Array("<SecretAccessKey>hush</SecretAccessKey>".utf8))
        let clean = Scrubber().scrub(
            .made(
                operation: "ListUsers", url: url,
                requestHeaders: target.map { [Exchange.Header(name: "x-amz-target", value: $0)] } ?? [],
                requestBody: body, outcome: .answer(answer)))
        #expect(!(try text(clean)).contains("hush"))
        #expect(clean.operation == operation)
        #expect(Scrubber().scrub(clean) == clean)
    }

    @Test("What an exchange is called counts for nothing by itself")
    func calledOtherwise() {
        let scrubber = Scrubber()
        #expect(scrubber.keepsBodies(of: .made(operation: "ListUsers", requestBody: "Action=ListUsers")))
        #expect(!scrubber.keepsBodies(of: .made(operation: "ListUsers", requestBody: "Action=AssumeRole")))
        #expect(!scrubber.keepsBodies(of: .made(operation: "AssumeRole", requestBody: "Action=ListUsers")))
    }

    @Test("What was asked by GET is kept as the POST that asks the same, without its signature")
    func get() {
        var exchange = Exchange.made(
            url: "https://iam.amazonaws.com/?X-Amz-Date=1&Action=ListUsers&PathPrefix=%2Fa%2F&X-Amz-Signature=hush#x",
            requestBody: "")
        exchange.request.method = "GET"
        let clean = Scrubber().scrub(exchange)
        #expect(clean.request.method == "POST" && clean.request.url == "https://iam.amazonaws.com/")
        #expect(clean.request.body == Array("Action=ListUsers&PathPrefix=%2Fa%2F".utf8))
        #expect(clean.outcome == exchange.outcome)
        #expect(Scrubber().scrub(clean) == clean)
    }

    @Test("A signature among the parameters of a POST isn't kept, and nothing else of it is changed")
    func signatureInBody() throws {
        let parts = ["AWSAccessKeyId=hush", "Signature=hush%3D", "SecurityToken=hush", "x-amz-security-token=hush"]
        let exchange = Exchange.made(
            requestBody: "\(parts[0])&Action=ListUsers&&PathPrefix=%2fa+b&\(parts.dropFirst().joined(separator: "&"))")
        let clean = Scrubber().scrub(exchange)
        #expect(clean.request.body == Array("Action=ListUsers&PathPrefix=%2fa+b".utf8))
        #expect(clean.outcome == exchange.outcome)
        #expect(!(try text(clean)).contains("hush"))
        let plain = Exchange.made(requestBody: "Action=ListUsers&&PathPrefix=%2fa+b&Version=2010-05-08")
        #expect(Scrubber().scrub(plain).request.body == plain.request.body)
    }

    @Test(
        "No query string, fragment or user information of a URL is kept",
        arguments: [
            ("https://iam.amazonaws.com/?\u{301}X-Amz-Signature=hush", "https://iam.amazonaws.com/"),
            ("https://user:hush@\u{301}iam.amazonaws.com/\u{301}", "https://\u{301}iam.amazonaws.com/\u{301}"),
            ("https://iam.amazonaws.com#\u{301}hush", "https://iam.amazonaws.com"),
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
