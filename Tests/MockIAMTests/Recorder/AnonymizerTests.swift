import FoundationEssentials
@testable import MockIAM
import Recording
import Testing

@Suite("Anonymising a recording")
struct AnonymizerTests {
    private static let fixtures = ["demo-account", "clean-account", "partial-account"]

    // MARK: The bundled fixtures

    @Test("No identifier of a bundled fixture is left, in base64 neither", arguments: fixtures)
    func nothingIsLeft(name: String) throws {
        let recording = try BundledRecording.read(name)
        let identifiers = recording.identifiers
        #expect(identifiers.count > 15 && identifiers.allSatisfy { $0.utf8.count >= 4 })
        var anonymizer = MockIAM.Anonymizer()
        let bytes = SearchableBytes(anonymizer.anonymize(recording).bytes)
        #expect(identifiers.filter(bytes.mention) == [])
        // That it looks at all: the original has every one of them.
        #expect(identifiers.allSatisfy(SearchableBytes(recording.bytes).mention))
    }

    @Test("Requests and answers keep their structure, times and statuses", arguments: fixtures)
    func structure(name: String) throws {
        let recording = try BundledRecording.read(name)
        var anonymizer = MockIAM.Anonymizer()
        let anonymous = anonymizer.anonymize(recording)
        #expect(anonymous.exchanges.count == recording.exchanges.count)
        for (before, after) in zip(recording.exchanges, anonymous.exchanges) {
            #expect(after.sequence == before.sequence && after.operation == before.operation)
            #expect(after.started == before.started)
            #expect(after.request.url == before.request.url)
            let names = { (request: Exchange.Request) in FormParameter.parse(request.body).map(\.name) }
            #expect(names(after.request) == names(before.request))
            #expect(after.response?.status == before.response?.status)
            #expect(after.response?.skeleton == before.response?.skeleton)
        }
        #expect(anonymous.manifest.clock == recording.manifest.clock)
    }

    @Test("It reads as the account did: every user's keys under the user's new name", arguments: fixtures)
    func replays(name: String) throws {
        let recording = try BundledRecording.read(name)
        var anonymizer = MockIAM.Anonymizer()
        let anonymous = anonymizer.anonymize(recording)
        let listed = anonymous.leaves("UserName", of: "ListUsers")
        #expect(Set(listed).count == Set(recording.leaves("UserName", of: "ListUsers")).count)
        #expect(Set(anonymous.parameters("UserName", of: "ListAccessKeys")) == Set(listed))
        let keys = Set(anonymous.leaves("AccessKeyId", of: "ListAccessKeys"))
        #expect(keys == Set(anonymous.parameters("AccessKeyId", of: "GetAccessKeyLastUsed")))
        let handedOut = anonymous.exchanges.compactMap { $0.leaves("Marker").first }
        let handedBack = anonymous.exchanges.flatMap { $0.parameters("Marker") }
        #expect(Set(handedOut) == Set(handedBack))
        let originals = recording.exchanges.compactMap { $0.leaves("Marker").first }
        #expect(handedOut.map(\.utf8.count) == originals.map(\.utf8.count))
        #expect(Set(handedOut).count == Set(originals).count)
        #expect(handedOut.isEmpty == (name == "partial-account"))
        #expect(Set(anonymous.exchanges.map(\.account)) == [anonymous.manifest.account])
    }

    @Test("Exchange by exchange it is the same as at once", arguments: fixtures)
    func streaming(name: String) throws {
        let recording = try BundledRecording.read(name)
        var atOnce = MockIAM.Anonymizer(key: "one key")
        var streaming = MockIAM.Anonymizer(key: "one key")
        let whole = atOnce.anonymize(recording)
        #expect(recording.exchanges.map { streaming.anonymize($0) } == whole.exchanges)
    }

    @Test("The same key makes the same pseudonyms, another key or none makes others")
    func keys() throws {
        let recording = try BundledRecording.read("clean-account")
        let names = { (key: String?) in
            var anonymizer = MockIAM.Anonymizer(key: key)
            return anonymizer.anonymize(recording).leaves("UserName", of: "ListUsers")
        }
        #expect(names("a") == names("a"))
        #expect(Set(names("a")).isDisjoint(with: names("b")))
        #expect(Set(names(nil)).isDisjoint(with: names(nil)))
    }

    // MARK: Kinds of values

    @Test("Ids keep prefix, length and alphabet, accounts their digits")
    func forms() throws {
        let exchange = try anonymized(
            "ListUsers",
            answer: """
                <A><UserId>AIDACKCEVSQ6C2REALONE</UserId><AccessKeyId>ASIAY34FZKBOKMUTVV7A</AccessKeyId>\
                <Account>555566667777</Account><SSHPublicKeyId>APKAEIVFHP46CEXMPLEX</SSHPublicKeyId></A>
                """)
        let expected = [
            ("UserId", "AIDA", 21), ("AccessKeyId", "ASIA", 20), ("Account", "", 12), ("SSHPublicKeyId", "APKA", 20),
        ]
        for (name, prefix, length) in expected {
            let value = try #require(exchange.leaves(name).first)
            #expect(value.hasPrefix(prefix) && value.utf8.count == length, "\(name): \(value)")
            let alphabet = name == "Account" ? "0123456789" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
            #expect(value.allSatisfy { alphabet.contains($0) }, "\(name): \(value)")
        }
    }

    @Test("An ARN agrees with the fields beside it")
    func arns() throws {
        let exchange = try anonymized(
            "GetAccountAuthorizationDetails",
            answer: """
                <A><Arn>arn:aws:iam::555566667777:user/ops/eu/alice</Arn><Path>/ops/eu/</Path>\
                <UserName>alice</UserName>\
                <Account>555566667777</Account>\
                <PolicyArn>arn:aws:sts::555566667777:assumed-role/Reader/alice@corp.test</PolicyArn>\
                <RoleName>Reader</RoleName><UserId>AROACKCEVSQ6C2REALONE:alice@corp.test</UserId></A>
                """)
        let value = { (name: String) in exchange.leaves(name).first ?? "" }
        #expect(value("Arn") == "arn:aws:iam::\(value("Account")):user\(value("Path"))\(value("UserName"))")
        #expect(value("Path").split(separator: "/").count == 2)
        let session = value("UserId").split(separator: ":")[1]
        #expect(value("PolicyArn") == "arn:aws:sts::\(value("Account")):assumed-role/\(value("RoleName"))/\(session)")
    }

    @Test("The device of a user has the user's name in its ARN")
    func deviceOfUser() throws {
        let exchange = try anonymized(
            "ListMFADevices",
            answer: """
                <A><UserName>alice</UserName><SerialNumber>arn:aws:iam::555566667777:mfa/user/alice/phone</SerialNumber></A>
                """)
        let name = try #require(exchange.leaves("UserName").first)
        let serial = try #require(exchange.leaves("SerialNumber").first)
        #expect(serial.contains(":mfa/user/\(name)/") && !serial.contains("phone"), "\(serial)")
    }

    @Test(
        "No account is hidden in another part of an ARN, nor a name in one of AWS's",
        arguments: [
            "arn:aws:iam:555566667777:555566667777:user/a", "arn:555566667777:iam::aws:policy/A",
            "arn:aws:555566667777::aws:policy/A", "arn:aws:iam::aws:policy/of Acme 555566667777",
        ])
    func hiddenAccounts(arn: String) throws {
        let exchange = try anonymized("GetUser", answer: "<A><Arn>\(arn)</Arn></A>")
        #expect(exchange.leaves("Arn") == ["<redacted>"])
    }

    @Test("A time is a time, and a number holds no account, however it is written")
    func timesAndNumbers() {
        for text in [
            "2026-11-22T20:45:00Z", "2026-11-22T20:45:00+00:00", "2026-11-22T20:45:00.123+0100", "2026-11-22",
        ] {
            #expect(text.isDate, "\(text)")
        }
        for text in ["+49-170-1234567", "2026-13-22T20:45:00Z", "2026-11-22T20:45:00.111122223333Z", "-:.+TZ-:.+TZ"] {
            #expect(!text.isDate, "\(text)")
        }
        for text in ["0", "-1", "1000", "1500000001.25", "1.481156728458E9"] { #expect(text.isPlainNumber, "\(text)") }
        for text in [
            "111122223333", "111122223333.0", "-111122223333", "1.11122223333E11", "0.111122223333", "1e400", "-", "",
        ] {
            #expect(!text.isPlainNumber, "\(text)")
        }
    }

    @Test(
        "What stands where nothing of a name should makes the whole body not understood",
        arguments: [
            "<?xml version=\"1.0\" note=\"acme\"?><A/>", "<A111122223333/>", "<A xmlns=\"https://acme.test/\"/>",
            "<A xmlns=\"https://iam.amazonaws.com/doc/111122223333/\"/>", "{\"111122223333\": 1}",
            "{\"AKIAY34FZKBOKMUTVV7A\": 1}", "{\"a\": {\"x111122223333\": []}}",
        ])
    func hiddenNames(answer: String) throws {
        let exchange = try anonymized("ListUsers", answer: answer)
        #expect(exchange.response?.body == Array("<redacted>".utf8))
    }

    @Test("Declarations and namespaces of AWS's stay, that of its front end as well")
    func declarations() throws {
        for namespace in [
            "https://iam.amazonaws.com/doc/2010-05-08/", "https://sts.amazonaws.com/doc/2011-06-15/",
            "http://webservices.amazon.com/AWSFault/2005-15-09",
        ] {
            let answer = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<E xmlns=\"\(namespace)\"><Code>X</Code></E>"
            #expect(try anonymized("ListUsers", answer: answer).response?.body == Array(answer.utf8))
        }
    }

    @Test("AWS's own managed policies keep their names, one's own don't")
    func managedPolicies() throws {
        let exchange = try anonymized(
            "GetAccountAuthorizationDetails",
            answer: """
                <A><PolicyName>ReadOnlyAccess</PolicyName><PolicyArn>arn:aws:iam::aws:policy/ReadOnlyAccess</PolicyArn>\
                <PolicyName>AcmeDeploy</PolicyName></A>
                """)
        #expect(exchange.leaves("PolicyArn") == ["arn:aws:iam::aws:policy/ReadOnlyAccess"])
        #expect(exchange.leaves("PolicyName").first == "ReadOnlyAccess")
        #expect(exchange.leaves("PolicyName").last?.hasPrefix("policy-") == true)
    }

    @Test("Groups, tags, devices, e-mail addresses, policies and certificates are nobody's any more")
    func otherFields() throws {
        let exchange = try anonymized(
            "GetAccountAuthorizationDetails",
            answer: """
                <A><GroupList><member>acme-admins</member></GroupList><Tags><member><Key>Owner</Key>\
                <Value>jo@acme.test</Value></member><member><Key>acme:unit</Key><Value>x</Value></member><member>\
                <Key>AKIAY34FZKBOKMUTVV7A</Key><Value>acme laptop</Value></member></Tags>\
                <SerialNumber>arn:aws:iam::555566667777:mfa/acme-phone</SerialNumber>\
                <SerialNumber>GAHT12345678</SerialNumber>\
                <AssumeRolePolicyDocument>%7B%22AWS%22%3A%22acme%22%7D</AssumeRolePolicyDocument>\
                <CertificateBody>acme</CertificateBody><ServiceUserName>jo.acme-at-555566667777</ServiceUserName>\
                <NewField>acme</NewField><PermissionsBoundaryType>Policy</PermissionsBoundaryType></A>
                """)
        let body = String(decoding: exchange.response?.body ?? [], as: UTF8.self)
        for text in ["acme", "jo@", "GAHT12345678", "555566667777", "Y34FZKBOKMUTVV7A"] {
            #expect(!body.contains(text), "\(text) in \(body)")
        }
        #expect(exchange.leaves("Key").first == "Owner")
        #expect(exchange.leaves("Key").last?.hasPrefix("AKIA") == true)
        #expect(exchange.leaves("NewField") == ["<redacted>"])
        #expect(exchange.leaves("PermissionsBoundaryType") == ["Policy"])
    }

    @Test("In the credential report, users and ARNs agree with ListUsers, and the root row stays")
    func credentialReport() throws {
        let report = """
            user,arn,user_creation_time,password_enabled,access_key_1_last_used_service,new_column
            <root_account>,arn:aws:iam::555566667777:root,2020-01-01T00:00:00+00:00,not_supported,N/A,N/A
            "alice,smith",arn:aws:iam::555566667777:user/ops/alice,2020-01-01T00:00:00+00:00,true,s3,acme
            """
        let content = Data(report.utf8).base64EncodedString()
        let exchange = try anonymized(
            "GetCredentialReport", answer: "<A><Content>\(content)</Content><UserName>alice,smith</UserName></A>")
        let data = try #require(Data(base64Encoded: exchange.leaves("Content").first ?? ""))
        let rows = String(decoding: data, as: UTF8.self).split(separator: "\n").map { $0.split(separator: ",") }
        #expect(rows[0].joined(separator: ",") == report.prefix { $0 != "\n" })
        #expect(rows[1][0] == "<root_account>" && rows[1][1].hasSuffix(":root"))
        #expect(String(rows[2][0]) == exchange.leaves("UserName").first)
        #expect(rows[2][1].hasPrefix("arn:aws:iam::") && !rows[2][1].contains("555566667777"))
        #expect(rows[2][2...].joined(separator: ",") == "2020-01-01T00:00:00+00:00,true,s3,<redacted>")
        #expect(!String(decoding: data, as: UTF8.self).hasSuffix("\n"))
    }

    @Test("Organizations' JSON is read as well")
    func json() throws {
        var exchange = Exchange.recorded("ListAccounts", "{\"MaxResults\": 20}")
        exchange.request.headers = [
            Exchange.Header(name: "X-Amz-Target", value: "AWSOrganizationsV20161128.ListAccounts")
        ]
        let arn = "arn:aws:organizations::555566667777:account/o-acmeacme12/555566667777"
        let answer = #"""
            { "Accounts": [ {"Arn": "\#(arn)", "Email": "it@acme.test", "Id": "555566667777", "Name": "Acm\u0065 \"1\"",
              "JoinedTimestamp": 1.6E9, "State": "ACTIVE", "Secret": "acme", "Number": 555566667777} ],
              "NextToken": null }
            """#
        exchange.changeResponse { $0.body = Array(answer.utf8) }
        var anonymizer = MockIAM.Anonymizer()
        let anonymous = anonymizer.anonymize(exchange)
        #expect(anonymous.request.body == exchange.request.body)
        struct Page: Decodable {
            var Accounts: [Account]
            struct Account: Decodable {
                var Arn, Email, Id, Name, State, Secret: String
                var JoinedTimestamp, Number: Double
            }
        }
        let page = try JSONDecoder().decode(Page.self, from: Data(anonymous.response?.body ?? []))
        let account = try #require(page.Accounts.first)
        #expect(account.Id.utf8.count == 12 && account.Id != "555566667777")
        #expect(account.Arn.hasPrefix("arn:aws:organizations::\(account.Id):account/o-"))
        #expect(account.Arn.hasSuffix("/\(account.Id)") && !account.Arn.contains("acme"))
        #expect(account.Email.hasSuffix("@example.com") && account.Name.hasPrefix("account-name-"))
        #expect(account.State == "ACTIVE" && account.JoinedTimestamp == 1.6e9)
        #expect(account.Secret == "<redacted>" && account.Number == 0)
    }

    // MARK: Texts

    @Test("A user called 'user' is replaced where a user stands and nowhere else")
    func everydayNames() throws {
        let exchange = try anonymized(
            "ListAccessKeys", "Action=ListAccessKeys&Version=2010-05-08&UserName=user", status: 404,
            answer:
                "<E><Error><Code>NoSuchEntity</Code><Message>The user with name user cannot be found.</Message></Error>"
                + "</E>"
        )
        let name = try #require(exchange.parameters("UserName").first)
        #expect(name.hasPrefix("user-"))
        #expect(exchange.leaves("Message") == ["The user with name \(name) cannot be found."])
        #expect(exchange.leaves("Code") == ["NoSuchEntity"])
    }

    @Test("AccessDenied names the caller and the resource by their pseudonyms")
    func accessDenied() throws {
        let exchange = try anonymized(
            "GetLoginProfile", "Action=GetLoginProfile&UserName=mail.gateway", status: 403,
            answer: """
                <E><Arn>arn:aws:sts::555566667777:assumed-role/Audit/jo</Arn><Message>User: \
                arn:aws:sts::555566667777:assumed-role/Audit/jo is not authorized to perform: iam:GetLoginProfile on \
                resource: user mail.gateway because no identity-based policy allows the iam:GetLoginProfile \
                action</Message></E>
                """)
        let caller = try #require(exchange.leaves("Arn").first)
        let user = try #require(exchange.parameters("UserName").first)
        #expect(
            exchange.leaves("Message") == [
                "User: \(caller) is not authorized to perform: iam:GetLoginProfile on resource: user \(user) because "
                    + "no identity-based policy allows the iam:GetLoginProfile action"
            ])
    }

    @Test("AccessDenied of a key that the account doesn't have names caller and key by their pseudonyms")
    func keyOfNobody() throws {
        let exchange = try anonymized(
            "GetAccessKeyLastUsed", "Action=GetAccessKeyLastUsed&AccessKeyId=AKIAY34FZKBOKMUTVV7A", status: 403,
            answer: """
                <E><Arn>arn:aws:iam::555566667777:user/jo</Arn><Message>User: arn:aws:iam::555566667777:user/jo is not \
                authorized to perform iam:GetAccessKeyLastUsed on resource: access key AKIAY34FZKBOKMUTVV7A</Message></E>
                """)
        let caller = try #require(exchange.leaves("Arn").first)
        let key = try #require(exchange.parameters("AccessKeyId").first)
        #expect(key != "AKIAY34FZKBOKMUTVV7A")
        #expect(
            exchange.leaves("Message") == [
                "User: \(caller) is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key \(key)"
            ])
    }

    @Test(
        "In a text of any other kind known names are replaced, and what isn't known to be none is taken out",
        arguments: [
            ("Something about 'carol', again.", "Something about '(carol)', again."),
            ("carol carolina", "(carol) <redacted>"),
            ("Request expired at 20261122T204500Z", "Request expired at 20261122T204500Z"),
            ("Acme GmbH of 555566667777", "<redacted> <redacted> of (555566667777)"),
            ("<b>carol</b>", "<redacted>"),
        ]
    )
    func otherTexts(message: String, expected: String) throws {
        let escaped = message.replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        let exchange = try anonymized(
            "ListAccessKeys", "Action=ListAccessKeys&UserName=carol", status: 400,
            answer: "<E><Account>555566667777</Account><Message>\(escaped)</Message></E>")
        let carol = exchange.parameters("UserName").first ?? ""
        let account = exchange.leaves("Account").first ?? ""
        #expect(
            exchange.leaves("Message") == [
                expected.replacing("(carol)", with: carol).replacing("(555566667777)", with: account)
            ])
    }

    @Test("A name that is only known later is replaced in an earlier message, too")
    func laterNames() throws {
        let first = Exchange.recorded(
            "GetAccessKeyLastUsed", "Action=GetAccessKeyLastUsed&AccessKeyId=AKIAY34FZKBOKMUTVV7A",
            answer: "<E><Message>Service dave</Message></E>")
        let second = Exchange.recorded("ListUsers", answer: "<A><UserName>dave</UserName></A>")
        var anonymizer = MockIAM.Anonymizer()
        let anonymous = anonymizer.anonymize(RecordedExchanges(manifest: .recorded, exchanges: [first, second]))
        let name = try #require(anonymous.exchanges[1].leaves("UserName").first)
        #expect(anonymous.exchanges[0].leaves("Message") == ["Service \(name)"])
    }

    // MARK: What isn't understood

    @Test(
        "An answer that isn't understood is taken out",
        arguments: [
            "<html><body>Hello <b>acme</b></body></html>", "<A><UserName>acme</UserName>", "<A><!-- acme --></A>",
            "<A><B>acme</C></A>", "<A x=\"acme\"/>", "<!DOCTYPE acme><A/>", "<A>acme<B/></A>", "acme", "{\"acme\"",
            "{\"acme corp\": 1}", "<A>&acme;</A>", "<A><![CDATA[acme]]></A>", "<A/><B>acme</B>", "[\"acme\"]",
            "<A><?acme?></A>", "\u{FEFF}<A>acme</A>",
        ]
    )
    func unreadableAnswer(body: String) throws {
        let exchange = try anonymized("ListUsers", answer: body)
        #expect(exchange.response?.body == Array("<redacted>".utf8))
    }

    @Test(
        "A request that isn't understood is taken out",
        arguments: ["Action=CreateAccessKey&UserName=acme", "acme", "Action=ListUsers&acme corp=1", "%FF=acme"]
    )
    func unreadableRequest(body: String) throws {
        #expect(try anonymized("ListUsers", body).request.body == Array("<redacted>".utf8))
    }

    @Test("The bodies of an unknown operation are taken out, and its parameters' values with them")
    func unknownOperation() throws {
        let exchange = try anonymized("GetBucketList", "Action=GetBucketList&Bucket=acme", answer: "<A>acme</A>")
        #expect(exchange.request.body == Array("<redacted>".utf8))
        #expect(exchange.response?.body == Array("<redacted>".utf8))
    }

    @Test("An unknown parameter keeps its name, not its value")
    func unknownParameter() throws {
        let exchange = try anonymized("ListUsers", "Action=ListUsers&Version=2010-05-08&Hint=acme")
        #expect(exchange.request.body == Array("Action=ListUsers&Version=2010-05-08&Hint=%3Credacted%3E".utf8))
    }

    // MARK: Around the bodies

    @Test("Headers agree with the new body, and none names an organization's programs")
    func headers() throws {
        var exchange = Exchange.recorded("ListUsers", answer: "<A><UserName>a</UserName></A>")
        exchange.request.headers = [
            Exchange.Header(name: "User-Agent", value: "acme-audit/1.0"),
            Exchange.Header(name: "Host", value: "vpce-0abc-acme.iam.us-east-1.vpce.amazonaws.com"),
        ]
        exchange.changeResponse {
            $0.headers = [
                Exchange.Header(name: "Date", value: "of 555566667777"),
                Exchange.Header(name: "Content-Length", value: "28"), Exchange.Header(name: "Server", value: "acme"),
                Exchange.Header(name: "x-amzn-RequestId", value: "6d6f636b-6961-4d00-9000-000000000001"),
            ]
        }
        var anonymizer = MockIAM.Anonymizer()
        let anonymous = anonymizer.anonymize(exchange)
        #expect(anonymous.request.headers == [Exchange.Header(name: "Host", value: "endpoint.example")])
        let response = try #require(anonymous.response)
        #expect(response.headers.map(\.name) == ["Content-Length", "x-amzn-RequestId"])
        #expect(response.header("content-length") == "\(response.body.count)")
        #expect(response.header("x-amzn-requestid")?.utf8.count == 36)
    }

    @Test(
        "Public endpoints and this machine's are kept, others are not",
        arguments: [
            ("https://iam.amazonaws.com/", true), ("https://sts.eu-west-1.amazonaws.com/", true),
            ("http://127.0.0.1:8080/", true), ("https://iam.cn-north-1.amazonaws.com.cn/", true),
            ("https://vpce-0abc.iam.us-east-1.vpce.amazonaws.com/", false), ("https://iam.acme.test/", false),
            ("https://iam.acme.corp.amazonaws.com/", false), ("http://10.1.2.3:4566/", false),
        ]
    )
    func urls(url: String, isKept: Bool) throws {
        var exchange = Exchange.recorded("ListUsers")
        exchange.request.url = url + (isKept ? "" : "acme")
        var anonymizer = MockIAM.Anonymizer()
        let scheme = url.prefix { $0 != ":" }
        #expect(anonymizer.anonymize(exchange).request.url == (isKept ? url : "\(scheme)://endpoint.example/"))
    }

    @Test("Why no answer came is told without names")
    func noAnswer() throws {
        var exchange = Exchange.recorded("ListUsers")
        exchange.outcome = .noAnswer("connection refused by proxy.acme.test:3128")
        var anonymizer = MockIAM.Anonymizer()
        #expect(anonymizer.anonymize(exchange).outcome == .noAnswer("connection refused by <redacted>"))
    }

    @Test("The manifest keeps its clock, and loses what people wrote in it")
    func manifest() {
        var anonymizer = MockIAM.Anonymizer()
        let manifest = anonymizer.anonymize(
            RecordingManifest(
                created: .recorded, account: "555566667777", tool: "acme-audit", clock: .recorded, description: "Acme"))
        #expect(manifest.clock == .recorded && manifest.created == .recorded)
        #expect(manifest.account?.utf8.count == 12 && manifest.account != "555566667777")
        #expect(manifest.tool == "mock-iam \(MockIAM.version)" && manifest.description == nil)
    }

    @Test("No two names share a pseudonym, even where there are hardly more of them than names")
    func collisions() {
        // Two letters of 32 make 1024.
        var pseudonyms = Pseudonyms(letters: 2)
        let made = (0..<1000).map { pseudonyms.pseudonym(of: "u\($0)", as: .user) }
        #expect(Set(made).count == 1000)
        #expect((0..<1000).map { pseudonyms.pseudonym(of: "u\($0)", as: .user) } == made)
    }

    private func anonymized(
        _ operation: String, _ form: String? = nil, status: Int = 200, answer: String = "<A/>"
    ) throws -> Exchange {
        var anonymizer = MockIAM.Anonymizer()
        return anonymizer.anonymize(.recorded(operation, form, status: status, answer: answer))
    }
}
