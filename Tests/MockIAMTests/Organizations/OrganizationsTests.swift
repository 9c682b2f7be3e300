import FoundationEssentials
import Recording
import Testing

@testable import MockIAM

@Suite("Organizations")
struct OrganizationsTests {
    /// Accounts `000000000001`, `000000000002`, …, created one after the other; the first manages the others.
    private static func accounts(_ count: Int) -> [MockIAM.Account] {
        (1...count).map { number in
            let digits = String(number)
            return MockIAM.Account(
                id: String(repeating: "0", count: 12 - digits.count) + digits, name: "account \(number)",
                clock: .madeClock, created: Date(timeIntervalSince1970: 1_500_000_000 + TimeInterval(number)))
        }
    }

    private func ids(_ answer: RawAnswer) -> [String] {
        answer.json["Accounts"]?.array?.compactMap { $0["Id"]?.text } ?? []
    }

    /// The ids of all accounts, page by page.
    private func pages(_ server: MockIAM.Server, size: Int? = nil) async throws -> [[String]] {
        var pages: [[String]] = []
        var token: String?
        repeat {
            let parts = [size.map { "\"MaxResults\":\($0)" }, token.map { "\"NextToken\":\"\($0)\"" }].compactMap { $0 }
            let answer = try await server.organizations("ListAccounts", "{\(parts.joined(separator: ","))}")
            try #require(answer.status == 200 && pages.count < 100)
            pages.append(ids(answer))
            token = answer.json["NextToken"]?.text
        } while token != nil
        return pages
    }

    @Test("A token of a page before the first one is no token, even if it is made with the server's key")
    func forgedToken() {
        let paging = Paging(markers: MarkerCodec(seed: 1), options: MockIAM.PageOptions(), seed: 1)
        let tokens = ["1", "-1"].map { paging.markers.marker(for: $0, of: "query") }
        #expect(tokens.map { TokenPage(paging, size: 5, token: $0, of: "query") != nil } == [true, false])
    }

    @Test("Pages have an element at least, whatever the options are set to")
    func pageOptions() {
        var options = MockIAM.PageOptions(varies: true)
        options.largest = 0
        let paging = Paging(markers: MarkerCodec(seed: 1), options: options, seed: 1)
        #expect(TokenPage(paging, size: 5, token: nil, of: "query")?.cut([1, 2]).elements == [1])
    }

    @Test("ListAccounts tells every account, in the order of their creation")
    func listAccounts() async throws {
        var accounts = Self.accounts(3)
        accounts.swapAt(1, 2)
        try await MockIAM.run(accounts: accounts) { server async throws in
            let answer = try await server.organizations("ListAccounts")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/x-amz-json-1.1")
            #expect(answer.headers["x-amzn-requestid"]?.isEmpty == false)
            #expect(ids(answer) == ["000000000001", "000000000002", "000000000003"])
            let organization = try #require(try await server.organizations("DescribeOrganization").json["Organization"])
            let id = try #require(organization["Id"]?.text)
            #expect(id.hasPrefix("o-") && id.utf8.count == 12)
            let listed = try #require(answer.json["Accounts"]?.array)
            #expect(
                listed[1]
                    == .object([
                        "Arn": .text("arn:aws:organizations::000000000001:account/\(id)/000000000002"),
                        "Email": "aws+000000000002@example.com", "Id": "000000000002", "JoinedMethod": "CREATED",
                        "JoinedTimestamp": 1_500_000_002, "Name": "account 2", "State": "ACTIVE", "Status": "ACTIVE",
                    ]))
            #expect(listed[0]["JoinedMethod"] == "INVITED")
            #expect(server.journal.counts == ["ListAccounts": 1, "DescribeOrganization": 1])
            #expect(server.journal.entries.map(\.accessKeyID) == ["test", "test"])
        }
    }

    @Test("DescribeOrganization tells the management account, to the others as well")
    func describeOrganization() async throws {
        try await MockIAM.run(accounts: Self.accounts(2)) { server async throws in
            for key in [SigningKey.test, SigningKey(id: "000000000002", secret: "test")] {
                let organization = try await server.organizations("DescribeOrganization", "", as: key)
                    .json["Organization"]
                #expect(organization?["MasterAccountId"] == "000000000001")
                #expect(organization?["MasterAccountEmail"] == "aws+000000000001@example.com")
                #expect(organization?["FeatureSet"] == "ALL")
            }
        }
    }

    @Test("Pages are as long as they are asked for, 20 accounts unless told otherwise")
    func paging() async throws {
        try await MockIAM.run(accounts: Self.accounts(23)) { server async throws in
            let all = Self.accounts(23).map(\.id)
            #expect(try await pages(server).map(\.count) == [20, 3])
            let tens = try await pages(server, size: 10)
            #expect(tens.map(\.count) == [10, 10, 3])
            #expect(tens.flatMap { $0 } == all)
        }
    }

    @Test("Where pages vary, empty ones with a token are among them, and nobody is left out", arguments: [1, 2, 23])
    func emptyPages(count: Int) async throws {
        let options = MockIAM.Options(pages: MockIAM.PageOptions(varies: true))
        try await MockIAM.run(accounts: Self.accounts(count), options: options) { server async throws in
            let first = try await pages(server)
            #expect(first.dropLast().contains([]))
            #expect(first.last?.isEmpty == false)
            #expect(first.flatMap { $0 } == Self.accounts(count).map(\.id))
            #expect(try await pages(server) == first)
        }
    }

    @Test("A token is good for this list of this organization only")
    func wrongToken() async throws {
        try await MockIAM.run(accounts: Self.accounts(3)) { server async throws in
            let page = try await server.organizations("ListAccounts", #"{"MaxResults":1}"#)
            let token = try #require(page.json["NextToken"]?.text)
            #expect(Int(token) == nil)
            let foreign = try await MockIAM.run(accounts: Array(Self.accounts(4).dropFirst())) { other in
                try await other.organizations("ListAccounts", #"{"MaxResults":1}"#).json["NextToken"]?.text ?? ""
            }
            let portal = try await server.request(
                "GET /assignment/accounts?max_result=1",
                headers: ["x-amz-sso_bearer_token": MockIAM.TestSignOn.accessToken]
            ).json["nextToken"]?.text
            for wrong in [try #require(portal), foreign, "1", "", "\(token.dropFirst())"] {
                let answer = try await server.organizations("ListAccounts", #"{"NextToken":"\#(wrong)"}"#)
                #expect(answer.status == 400)
                #expect(answer.json["__type"] == "InvalidInputException")
                #expect(answer.json["Reason"] == "INVALID_NEXT_TOKEN")
                #expect(answer.json["Message"]?.text?.isEmpty == false)
            }
        }
    }

    @Test(
        "What isn't of the right kind or size is refused",
        arguments: [
            (#"{"MaxResults":0}"#, "InvalidInputException", "MIN_VALUE_EXCEEDED"),
            (#"{"MaxResults":21}"#, "InvalidInputException", "MAX_VALUE_EXCEEDED"),
            (#"{"MaxResults":"2"}"#, "SerializationException", nil),
            (#"{"NextToken":7}"#, "SerializationException", nil), ("[]", "SerializationException", nil),
            ("ListAccounts", "SerializationException", nil),
        ])
    func wrongInput(body: String, type: String, reason: String?) async throws {
        try await MockIAM.run(account: MockIAM.Account(clock: .madeClock)) { server async throws in
            let answer = try await server.organizations("ListAccounts", body)
            #expect(answer.status == 400)
            #expect(answer.json["__type"]?.text == type)
            #expect(answer.json["Reason"]?.text == reason)
            #expect(answer.headers["x-amzn-errortype"] == type)
            #expect(server.journal.entries.map(\.outcome) == [.failed(code: type)])
        }
    }

    @Test("Null is as good as nothing")
    func null() async throws {
        try await MockIAM.run(account: MockIAM.Account(clock: .madeClock)) { server async throws in
            let answer = try await server.organizations("ListAccounts", #"{"MaxResults":null,"NextToken":null}"#)
            #expect(answer.status == 200)
        }
    }

    @Test("Only the management account may list accounts")
    func memberAccount() async throws {
        try await MockIAM.run(accounts: Self.accounts(2)) { server async throws in
            let answer = try await server.organizations(
                "ListAccounts", as: SigningKey(id: "000000000002", secret: "test"))
            #expect(answer.status == 400)
            #expect(answer.headers["x-amzn-errortype"] == "AccessDeniedException")
            #expect(
                answer.body
                    == #"{"__type":"AccessDeniedException","Message":"#
                    + #""You don't have permissions to access this resource."}"#)
            #expect(server.journal.entries.first?.account == "000000000002")
        }
    }

    @Test("A caller that is denied the action gets AccessDeniedException")
    func denied() async throws {
        let caller = MockIAM.Caller(
            accessKeyID: "AKIAMOCKDENIED000000", secretAccessKey: "s", denied: ["organizations:*"])
        let account = MockIAM.Account(clock: .madeClock, callers: [caller])
        try await MockIAM.run(account: account) { server async throws in
            let answer = try await server.organizations(
                "ListAccounts", as: SigningKey(id: caller.accessKeyID, secret: "s"))
            #expect(answer.json["__type"] == "AccessDeniedException")
            #expect(answer.json["Message"]?.text?.contains("perform: organizations:ListAccounts") == true)
        }
    }

    @Test(
        "An unknown operation or another service gets UnknownOperationException",
        arguments: [
            ("AWSOrganizationsV20161128", "ListRoots"), ("DynamoDB_20120810", "ListTables"),
            ("DynamoDB_20120810", "ListAccounts"),
        ])
    func unknownOperation(target: String, operation: String) async throws {
        try await MockIAM.run(account: MockIAM.Account(clock: .madeClock)) { server async throws in
            let answer = try await server.organizations(operation, target: target)
            #expect(answer.status == 400)
            #expect(answer.body == #"{"__type":"UnknownOperationException"}"#)
            #expect(server.journal.entries.map(\.action) == [operation])
        }
    }

    @Test("A recorded operation that accounts don't have is signed for as the others are")
    func recordedOperation() async throws {
        var exchange = Exchange.made("{}", answer: #"{"Roots":[]}"#)
        exchange.request.headers = [Exchange.Header(name: "X-Amz-Target", value: "AWSOrganizationsV20161128.ListRoots")]
        try await MockIAM.run(.made([exchange])) { server async throws in
            #expect(try await server.organizations("ListRoots").body == #"{"Roots":[]}"#)
            let unsigned = try await server.organizations("ListRoots", as: nil)
            #expect(unsigned.json["__type"] == "MissingAuthenticationTokenException")
            let wrong = try await server.organizations("ListRoots", as: SigningKey(id: "test", secret: "wrong"))
            #expect(wrong.json["__type"] == "InvalidSignatureException")
        }
        try await MockIAM.run(account: MockIAM.Account(clock: .madeClock)) { server async throws in
            let unsigned = try await server.organizations("ListRoots", as: nil)
            #expect(unsigned.json["__type"] == "UnknownOperationException")
        }
    }

    @Test("Organizations is asked by POST to /")
    func method() async throws {
        try await MockIAM.run(account: MockIAM.Account(clock: .madeClock)) { server async throws in
            let headers = ["X-Amz-Target": "AWSOrganizationsV20161128.ListAccounts"]
            #expect(try await server.request("GET /", headers: headers).status == 405)
            let elsewhere = try await server.request("POST /accounts", headers: headers, body: "{}")
            #expect(elsewhere.json["__type"] == "UnknownOperationException")
        }
    }

    @Test(
        "It is signed for its partition's one region, which in China isn't IAM's",
        arguments: [
            ("aws", "us-east-1", true), ("aws-cn", "cn-northwest-1", true), ("aws-cn", "cn-north-1", false),
            ("aws-us-gov", "us-gov-west-1", true),
        ])
    func regions(partition: String, region: String, isRight: Bool) async throws {
        try await MockIAM.run(account: MockIAM.Account(partition: partition, clock: .madeClock)) {
            server async throws in
            let answer = try await server.organizations(
                "ListAccounts", as: SigningKey(id: "test", secret: "test", region: region))
            #expect(answer.json["__type"]?.text == (isRight ? nil : "InvalidSignatureException"))
        }
    }

    @Test("Errors of signatures have the names and the status that JSON services give them")
    func signatures() async throws {
        try await MockIAM.run(account: MockIAM.Account(clock: .madeClock)) { server async throws in
            var old = SigningKey.test
            old.date = .madeClock - 86_400
            var elsewhere = SigningKey.test
            elsewhere.region = "eu-west-1"
            for (key, service, type) in [
                (nil, "organizations", "MissingAuthenticationTokenException"),
                (SigningKey(id: "test", secret: "wrong"), "organizations", "InvalidSignatureException"),
                (SigningKey(id: "AKIAUNKNOWN000000000", secret: "x"), "organizations", "UnrecognizedClientException"),
                (.test, "iam", "InvalidSignatureException"), (old, "organizations", "InvalidSignatureException"),
                (elsewhere, "organizations", "InvalidSignatureException"),
            ] as [(SigningKey?, String, String)] {
                let answer = try await server.organizations("ListAccounts", as: key, service: service)
                #expect(answer.status == 400)
                #expect(answer.json["__type"]?.text == type)
                #expect(answer.json["message"]?.text?.isEmpty == false)
            }
            #expect(server.journal.entries.count == 6)
            #expect(server.journal.entries.allSatisfy { if case .refused = $0.outcome { true } else { false } })
        }
    }

    @Test("Faults come as this service's errors")
    func faults() async throws {
        typealias Failure = MockIAM.FaultPlan.Failure
        for (failure, status, type) in [
            (Failure.code("Throttling"), 400, "TooManyRequestsException"),
            (.code("AccessDenied"), 400, "AccessDeniedException"), (.code("InternalFailure"), 500, "ServiceException"),
            (.code("ExpiredToken"), 400, "ExpiredTokenException"),
            (Failure(status: 418, code: "Of My Own", message: "m"), 418, "Of My Own"),
        ] {
            let plan = MockIAM.FaultPlan(rules: [MockIAM.FaultPlan.Rule(error: failure)])
            let options = MockIAM.Options(faults: plan)
            try await MockIAM.run(account: MockIAM.Account(clock: .madeClock), options: options) {
                server async throws in
                let answer = try await server.organizations("ListAccounts")
                #expect(answer.status == status)
                #expect(answer.json["__type"]?.text == type)
                #expect(server.journal.entries.map(\.outcome) == [.faulted])
            }
        }
    }
}
