import CanonicalJSON
import Foundation
import Logging
@testable import MockIAM
import Recording
import Synchronization
import Testing

@Suite("The control interface")
struct ControlTests {
    /// A request as curl sends it.
    private func control(
        _ server: MockIAM.Server, _ method: String, _ path: String, _ body: String = "", headers: String = ""
    ) async throws -> (status: Int, body: String) {
        try await RawConnection.open(to: server) { connection in
            try await connection.send(
                "\(method) /_mock/\(path) HTTP/1.1\r\nHost: x\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            let answer = try #require(try await connection.answer())
            return (answer.status, answer.body)
        }
    }

    @Test("It says when it is ready, and whom it serves")
    func ready() async throws {
        try await MockIAM.run(accounts: [.made(users: 1), .made(users: 1, id: "444455556666")]) { server async throws in
            let ready = try await control(server, "GET", "ready")
            #expect(ready.status == 200)
            #expect(ready.body.contains(#""accounts": ["111122223333", "444455556666"]"#))
            #expect(ready.body.contains(#""operations": ["AssumeRole", "AssumeRoleWithWebIdentity", "#))
            // It isn't AWS's: neither journal nor counts know of it.
            #expect(server.journal.served == 0)
        }
    }

    @Test("The clock is read, set, moved on and started")
    func clock() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            #expect(
                try await control(server, "GET", "clock").body
                    == "{\"moving\": false, \"now\": \"2026-11-22T20:45:00Z\"}\n")
            #expect(try await control(server, "POST", "clock/advance", #"{"by": "1h30m"}"#).body.contains("22:15:00Z"))
            #expect(server.clock == .madeClock + 5400)
            #expect(try await server.ask("ListUsers").headers["date"] == "Sun, 22 Nov 2026 22:15:00 GMT")
            let set = try await control(server, "PUT", "clock", #"{"now": "2030-01-01T00:00:00Z", "moving": true}"#)
            #expect(set.body.contains(#""moving": true"#))
            #expect(server.clock >= Date(timeIntervalSince1970: 1_893_456_000))
            let wrong = try await control(server, "PUT", "clock", #"{"nw": 1}"#)
            #expect(wrong.status == 400)
            #expect(wrong.body.contains("'nw' is not a key of a clock; did you mean 'now'?"))
            #expect(try await control(server, "POST", "reset").status == 200)
            #expect(server.clock == .madeClock)
        }
    }

    @Test("A clock that would leave the years 1 to 9999 is refused, and stays as it is")
    func clockLimits() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            let refused = try await control(server, "POST", "clock/advance", #"{"by": "3000000d"}"#)
            #expect(refused.status == 400)
            #expect(
                refused.body.contains(
                    "the clock can't be advanced by 3000000d: it shows 2026-11-22T20:45:00Z, and instants end with the "
                        + "year 9999"))
            #expect(server.clock == .madeClock)
            #expect(try await control(server, "POST", "clock/advance", #"{"by": "2900000d"}"#).status == 200)
            #expect(try await control(server, "POST", "clock/advance", #"{"by": "2900000d"}"#).status == 400)
            #expect(server.clock.instant == "9966-10-28T20:45:00Z")
            for seconds in [-1e300, -4e11, .infinity, .nan] { server.advanceClock(by: seconds) }
            #expect(server.clock.instant == "9966-10-28T20:45:00Z")
        }
        for (seconds, shown) in [
            (1e300, "9999-12-31T23:59:59Z"), (-1e300, "0001-01-01T00:00:00Z"), (.nan, "0001-01-01T00:00:00Z"),
        ] {
            let clock = MockClock(at: Date(timeIntervalSince1970: seconds), isMoving: false)
            #expect(clock.now.instant == shown)
            clock.set(to: Date(timeIntervalSince1970: seconds), isMoving: nil)
            #expect(clock.now.instant == shown)
        }
    }

    @Test("The journal is filtered, counted and cleared")
    func journal() async throws {
        try await MockIAM.run(account: .made(users: 2)) { server async throws in
            _ = try await server.ask("ListUsers")
            _ = try await server.ask("ListAccessKeys", ["UserName": "user-01"])
            _ = try await server.ask("ListAccessKeys", ["UserName": "nobody"])
            let counts = try await control(server, "GET", "journal/counts").body
            #expect(
                counts.contains(#""counts": {"ListAccessKeys": 2, "ListUsers": 1}"#) && counts.contains(#""served": 3"#)
            )
            let failed = try await control(server, "GET", "journal?action=ListAccess*&outcome=failed").body
            #expect(failed.contains(#""count": 1"#) && failed.contains("nobody") && failed.contains("NoSuchEntity"))
            #expect(try await control(server, "GET", "journal?since=2").body.contains(#""count": 1"#))
            #expect(try await control(server, "GET", "journal?sinse=2").status == 400)
            let nonsense = try await control(server, "GET", "journal?outcome=failled")
            #expect(nonsense.status == 400 && nonsense.body.contains("failled"))
            #expect(nonsense.body.contains("\"failed\"") && nonsense.body.contains("\"unmatched\""))
            #expect(try await control(server, "DELETE", "journal").status == 200)
            #expect(server.journal.served == 0)
        }
    }

    @Test("Every action is counted, whatever it is called")
    func oddActions() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            for action in ["a\"b\\", "é\n", "ListUsers"] { _ = try await server.ask(action) }
            let body = try await control(server, "GET", "journal/counts").body
            struct Counts: Decodable {
                var counts: [String: Int]
                var served: Int
            }
            let counts = try JSONDecoder().decode(Counts.self, from: Data(body.utf8))
            #expect(counts.counts == ["a\"b\\": 1, "é\n": 1, "ListUsers": 1] && counts.served == 3)
        }
    }

    @Test("What proves who somebody is gets neither into the journal nor into the log")
    func secretParameters() async throws {
        let lines = LoggedLines()
        var options = MockIAM.Options()
        options.logger = .init(label: "") { _ in RememberingLogHandler(lines: lines) }
        let secrets = ["WebIdentityToken": "hush-1", "SAMLAssertion": "hush-2"]
        let shown = ["RoleSessionName": "jo", "ExternalId": "e-1", "TokenCode": "471147"]
        try await MockIAM.run(account: .made(users: 1), options: options) { server async throws in
            _ = try await server.askSTS("AssumeRole", secrets.merging(shown) { $1 })
            #expect(
                server.journal.entries.first?.parameters
                    == secrets.mapValues { _ in "<redacted>" }.merging(shown) { $1 })
        }
        try await MockIAM.run(.made([.made("Action=A", answer: "<a/>")]), options: options) { server async throws in
            _ = try await server.askSTS("AssumeRole", secrets)
        }
        #expect(lines.all.contains { $0.contains("AssumeRole") && $0.contains("<redacted>") })
        #expect(!lines.all.contains { $0.contains("hush") })
    }

    @Test("A denial of no action of AWS's is warned of, once")
    func deniedNothing() async throws {
        let lines = LoggedLines()
        var options = MockIAM.Options()
        options.logger = .init(label: "") { _ in RememberingLogHandler(lines: lines) }
        var account = MockIAM.Account.made(users: 1)
        let right = ["iam:*", "*", "s3:Whatever", "sts:TagSession", "iam:passrole", "iam:*CredentialReport"]
        account.roles = [MockIAM.Role("Audit", denied: right + ["iam:ListUser"])]
        account.callers = [
            MockIAM.Caller(accessKeyID: "AKIACALLER0000000001", secretAccessKey: "s", denied: ["sts:Fly*"])
        ]
        try await MockIAM.run(account: account, options: options) { server async throws in
            let state = try await control(server, "GET", "state").body
            #expect(try await control(server, "PUT", "state", state).status == 200)
        }
        #expect(
            lines.all.filter { $0.hasPrefix("warning ") } == [
                "warning account 111122223333: denied: 'iam:ListUser' matches no action of AWS's; did you mean "
                    + "'iam:ListUsers'?",
                "warning account 111122223333: denied: 'sts:Fly*' matches no action of AWS's",
            ])
    }

    /// Faults on operations of each service, on all actions, on one that isn't served, and on two that are misspelt.
    private static let faultsOnActions = """
        faults:
          - {match: {action: Lst*}, error: 503}
          - {match: {action: ["*", List*, get?ser, DescribeOrganization, GetRoleCredentials]}, error: 503}
          - {name: late, match: {action: [ListUsers, ListUser]}, latency: 1s}
          - {match: {action: [IMDS*, "*meta-data*", "IMDS /latest/no/such/path"]}, error: 503}
          - {match: {action: CreateUser}, error: 503}
          - {match: {account: "9*"}, error: 503}
        """

    private static let warnings = [
        "warning fault 'faults[0]': match.action 'Lst*' matches no operation that is served",
        "warning fault 'late': match.action 'ListUser' matches no operation that is served; did you mean 'ListUsers'?",
        "warning fault 'faults[4]': match.action 'CreateUser' matches no operation that is served",
    ]

    @Test("A fault on no operation is warned of, once, however the plan comes")
    func faultOnNothing() async throws {
        let plan = try MockIAM.FaultPlan(parsing: Self.faultsOnActions)
        for way in 0..<4 {
            let lines = LoggedLines()
            var options = MockIAM.Options()
            options.logger = .init(label: "") { _ in RememberingLogHandler(lines: lines) }
            if way == 0 { options.faults = plan }
            options.reload = { _ in (.accounts([.made(users: 1)]), plan) }
            try await MockIAM.run(account: .made(users: 1), options: options) { server async throws in
                #expect(lines.all.contains { $0.hasPrefix("warning ") } == (way == 0))
                switch way {
                case 1: server.serve(plan)
                case 2: #expect(try await control(server, "POST", "reload").status == 200)
                default: #expect(try await control(server, "PUT", "faults", Self.faultsOnActions).status == 200)
                }
            }
            #expect(lines.all.filter { $0.hasPrefix("warning ") } == Self.warnings, "\(way)")
        }
    }

    @Test("A recording's own operations can go wrong as well")
    func faultOnRecorded() async throws {
        let lines = LoggedLines()
        var options = MockIAM.Options(
            faults: try MockIAM.FaultPlan(parsing: "faults: [{match: {action: A}, error: 503}]"))
        options.logger = .init(label: "") { _ in RememberingLogHandler(lines: lines) }
        try await MockIAM.run(.made([.made("Action=A", answer: "<a/>")]), options: options) { _ in }
        #expect(!lines.all.contains { $0.hasPrefix("warning ") })
        try await MockIAM.run(.made([.made("Action=B", answer: "<a/>")]), options: options) { _ in }
        #expect(lines.all.contains { $0.hasPrefix("warning fault 'faults[0]': match.action 'A'") })
    }

    @Test("Expectations hold or are answered with what came instead")
    func verify() async throws {
        try await MockIAM.run(account: .made(users: 2)) { server async throws in
            for _ in 0..<3 { _ = try await server.ask("ListAccessKeys", ["UserName": "user-01"]) }
            let expectation = #"{"action": "ListAccessKeys", "parameters": {"UserName": "user-*"}"#
            for (times, status) in [
                ("\"times\": 3", 200), ("\"times\": 2", 422), ("\"at_least\": 4", 422), ("\"at_most\": 3", 200),
            ] {
                let answer = try await control(
                    server, "POST", "verify", "{\"expectations\": [\(expectation), \(times)}], \"unmatched\": 0}")
                #expect(answer.status == status, "\(times)")
            }
            let failed = try await control(server, "POST", "verify", #"{"expectations": [{"action": "GetUser"}]}"#)
            #expect(failed.body.contains("GetUser: expected at least 1, came 0"))
        }
    }

    @Test("What the journal has forgotten still counts, and what only forgotten requests could tell is no verdict")
    func verifyForgotten() async throws {
        try await MockIAM.run(account: .made(users: 0)) { server async throws in
            let key = RequestKey(action: "ListUsers", parameters: [FormParameter(name: "MaxItems", value: "5")])
            for number in 1...60_000 {
                server.journal.record(
                    MockIAM.Journal.Entry(
                        number: number, request: key, status: 200,
                        outcome: number == 1 ? .unmatched(nearest: []) : .answered))
            }
            server.journal.record(
                MockIAM.Journal.Entry(number: 60_001, request: nil, status: 404, outcome: .refused(code: "x")))
            for (wanted, status, told) in [
                (#""expectations": [{"action": "ListUsers", "times": 60000}]"#, 200, "verified"),
                (#""expectations": [{"action": "*", "times": 60001}]"#, 200, "verified"),
                (#""expectations": [{"action": "ListUsers", "at_most": 50000}]"#, 422, "came 60000"),
                (#""unmatched": 0"#, 422, "expected 0, came 1, the first 200 ListUsers MaxItems=5"),
                (
                    #""expectations": [{"action": "ListUsers", "parameters": {"MaxItems": "5"}, "at_least": 1}]"#, 409,
                    "ListUsers MaxItems=5 can't be counted: 25000 older entries were forgotten"
                ),
            ] {
                let answer = try await control(server, "POST", "verify", "{\(wanted)}")
                #expect(answer.status == status && answer.body.contains(told), "\(wanted): \(answer)")
            }
            #expect(server.journal.unmatched.isEmpty && server.journal.unmatchedCount == 1)
        }
    }

    @Test("Unmatched requests of a recording are shown with the nearest candidates")
    func unmatched() async throws {
        try await MockIAM.run(.made([.made("Action=ListAccessKeys&UserName=ci-deploy", answer: "<a/>")])) {
            server async throws in
            _ = try await server.post("Action=ListAccessKeys&UserName=ci-deplo")
            let unmatched = try await control(server, "GET", "unmatched").body
            #expect(unmatched.contains(#""nearest": ["ListAccessKeys UserName=ci-deploy"]"#))
            #expect(try await control(server, "POST", "verify", #"{"unmatched": 0}"#).status == 422)
        }
    }

    @Test("The state is shown in a form that can be put back")
    func state() async throws {
        try await MockIAM.run(account: .made(users: 3)) { server async throws in
            let before = try await control(server, "GET", "state").body
            let put = try await control(
                server, "PUT", "state", "account: \"999988887777\"\nusers: [{name: solo, created: 3d ago}]")
            #expect(put.status == 200)
            #expect(try await server.ask("ListUsers").values("UserName") == ["solo"])
            #expect(try await server.askSTS("GetCallerIdentity").values("Account") == ["999988887777"])
            #expect(try await control(server, "PUT", "state", before).status == 200)
            #expect(try await control(server, "GET", "state").body == before)
            let wrong = try await control(server, "PUT", "state", "account: \"1\"")
            #expect(wrong.status == 400)
            #expect(try await control(server, "GET", "state").body == before)
        }
    }

    @Test("Faults are put in force, shown, and taken back")
    func faults() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            let plan =
                "faults: [{name: down, match: {action: List*}, error: {status: 503, code: ServiceUnavailable, message: m}}]"
            #expect(try await control(server, "PUT", "faults", plan).status == 200)
            #expect(try await server.ask("ListUsers").status == 503)
            #expect(server.journal.entries.last?.faults == ["down"])
            #expect(try await server.askSTS("GetCallerIdentity").status == 200)
            #expect(try await control(server, "GET", "faults").body.contains("ServiceUnavailable"))
            #expect(try await control(server, "PUT", "faults", "fualts: []").status == 400)
            #expect(try await control(server, "DELETE", "faults").status == 200)
            #expect(try await server.ask("ListUsers").status == 200)
        }
    }

    @Test("Temporary credentials end by decree")
    func expireSessions() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            let role = try await server.askSTS(
                "AssumeRole", ["RoleArn": "arn:aws:iam::111122223333:role/x", "RoleSessionName": "me"])
            let key = SigningKey(
                id: try #require(role.values("AccessKeyId").first),
                secret: try #require(role.values("SecretAccessKey").first), token: role.values("SessionToken").first)
            #expect(try await server.ask("ListUsers", as: key).status == 200)
            #expect(try await control(server, "POST", "sessions/expire").status == 200)
            #expect(try await server.ask("ListUsers", as: key).code == "ExpiredToken")
        }
    }

    @Test("A reset starts a recording over")
    func reset() async throws {
        let fixture = MockIAM.Fixture.made([.made("Action=A", answer: "1"), .made("Action=A", answer: "2")])
        try await MockIAM.run(fixture) { server async throws in
            #expect(try await server.post("Action=A")?.body == "1")
            #expect(try await control(server, "POST", "reset").status == 200)
            #expect(try await server.post("Action=A")?.body == "1")
            #expect(server.journal.served == 1)
        }
    }

    @Test("Reading the files again is refused where there are none, and a broken one changes nothing")
    func reload() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            #expect(try await control(server, "POST", "reload").status == 409)
        }
        struct Broken: Error {}
        var options = MockIAM.Options()
        options.reload = { _ in throw Broken() }
        try await MockIAM.run(account: .made(users: 1), options: options) { server async throws in
            #expect(try await control(server, "POST", "reload").status == 422)
            #expect(try await server.ask("ListUsers").values("UserName") == ["user-00"])
        }
        options.reload = { _ in (.accounts([.made(users: 4)]), nil) }
        try await MockIAM.run(account: .made(users: 1), options: options) { server async throws in
            #expect(try await control(server, "POST", "reload").status == 200)
            #expect(try await server.ask("ListUsers").values("UserName").count == 4)
        }
    }

    @Test("Another clock in the accounts sets the clock; the same one leaves it where it is")
    func newClock() async throws {
        let later = Date.madeClock + 86_400
        var account = MockIAM.Account.made(users: 1)
        account.clock = later
        var options = MockIAM.Options()
        options.reload = { [account] _ in (.accounts([account]), nil) }
        try await MockIAM.run(account: .made(users: 1), options: options) { server async throws in
            #expect(try await control(server, "POST", "reload").status == 200)
            #expect(server.clock == later)
            #expect(try await server.ask("ListUsers").status == 200)
            server.advanceClock(by: 60)
            #expect(try await control(server, "POST", "reload").status == 200)
            #expect(server.clock == later + 60)
            server.serve([.made(users: 2)])
            #expect(server.clock == .madeClock)
            let state = "account: \"111122223333\"\nclock: 2026-12-24T00:00:00Z\nusers: [{name: a, created: 1d ago}]"
            #expect(try await control(server, "PUT", "state", state).status == 200)
            #expect(server.clock.instant == "2026-12-24T00:00:00Z")
            #expect(try await server.ask("ListUsers").values("CreateDate") == ["2026-12-23T00:00:00Z"])
            #expect(try await control(server, "POST", "reset").status == 200)
            #expect(server.clock == .madeClock)
        }
    }

    @Test(
        "Files that are read again count spans from the clock that accounts have last given, and not from where it is")
    func instantOfSpans() async throws {
        let given = Mutex<[Date?]>([])
        let account = Mutex(MockIAM.Account.made(users: 1))
        var options = MockIAM.Options()
        options.reload = { instant in
            given.withLock { $0.append(instant) }
            return (.accounts([account.withLock { $0 }]), nil)
        }
        try await MockIAM.run(account: .made(users: 1), options: options) { server async throws in
            server.advanceClock(by: 60)
            for (users, clock) in [(1, Date.madeClock), (2, nil), (3, nil), (4, .madeClock + 86_400), (5, nil)] {
                account.withLock {
                    $0 = .made(users: users)
                    $0.clock = clock
                }
                #expect(try await control(server, "POST", "reload").status == 200)
            }
            #expect(server.clock == .madeClock + 86_400)
            #expect(try await control(server, "POST", "reset").status == 200)
            #expect(try await control(server, "POST", "reload").status == 200)
        }
        let (first, second) = (Date.madeClock, Date.madeClock + 86_400)
        #expect(given.withLock { $0 } == [first, first, first, first, second, first])
        given.withLock { $0 = [] }
        var clockless = MockIAM.Account.made(users: 1)
        clockless.clock = nil
        try await MockIAM.run(account: clockless, options: options) { server async throws in
            server.advanceClock(by: 60)
            #expect(try await control(server, "POST", "reload").status == 200)
        }
        #expect(given.withLock { $0 } == [nil])
    }

    @Test("Of accounts that are put at the same time one is served whole: its users, its clock and its summary")
    func puttingAtOnce() async throws {
        let content = try CurrentContent(.accounts([.made(users: 0)]), options: MockIAM.Options())
        let accounts = (1...2).map { number in
            var account = MockIAM.Account.made(users: number)
            account.clock = .madeClock + Double(number)
            return account
        }
        for _ in 0..<2000 {
            await withTaskGroup { group in
                for account in accounts { group.addTask { content.replace([account]) } }
            }
            let served = try #require(content.world.accounts.first)
            #expect(content.summary.contains("\(served.users.count) user"))
            #expect(content.world.clock.now == served.account.clock)
            guard content.summary.contains("\(served.users.count) user") else { return }
        }
    }

    @Test("A clock of another account than the first is warned of where it is another one")
    func clocks() async throws {
        let first = MockIAM.Account.made(users: 1)
        for (clock, firsts, warning) in [
            (Date.madeClock, Date.madeClock, nil), (nil, .madeClock, nil), (nil, nil, nil),
            (.madeClock + 60, .madeClock, "which is 2026-11-22T20:45:00Z"),
            (.madeClock, nil, "which shows the machine's time"),
        ] as [(Date?, Date?, String?)] {
            let lines = LoggedLines()
            var options = MockIAM.Options()
            options.logger = .init(label: "") { _ in RememberingLogHandler(lines: lines) }
            var accounts = [first, MockIAM.Account.made(users: 1, id: "444455556666")]
            (accounts[0].clock, accounts[1].clock) = (firsts, clock)
            try await MockIAM.run(accounts: accounts, options: options) { _ in }
            let warnings = lines.all.filter { $0.hasPrefix("warning ") }
            #expect(warnings.count == (warning == nil ? 0 : 1))
            guard let warning else { continue }
            #expect(
                warnings.first?.hasPrefix("warning account 444455556666: its clock, 2026-11-22T20:4") == true
                    && warnings.first?.hasSuffix("first account counts, 111122223333, \(warning)") == true,
                "\(warnings)")
        }
    }

    @Test("A plan that the server gives is one that it takes")
    func faultsGoBack() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            let idle = "faults: [{expire_token: false}]"
            let refused = try await control(server, "PUT", "faults", idle)
            #expect(refused.status == 400 && refused.body.contains("faults[0]: does nothing; "))
            for plan in [Self.faultsOnActions, "faults: [{expire_token: false, error: 503}, {expire_token: true}]"] {
                #expect(try await control(server, "PUT", "faults", plan).status == 200)
                let given = try await control(server, "GET", "faults").body
                #expect(try await control(server, "PUT", "faults", given).status == 200)
                #expect(try await control(server, "GET", "faults").body == given)
            }
        }
    }

    @Test("Who asks whether a server is ready that ends when it was left doesn't end it")
    func onlyVisitsCount() async throws {
        try await MockIAM.run(account: .made(users: 1), options: MockIAM.Options(endsWhenLeft: true)) {
            server async throws in
            #expect(try await control(server, "GET", "ready").status == 200)
            #expect(try await control(server, "GET", "nothing").status == 404)
            #expect(try await server.ask("ListUsers").status == 200)
            await server.stopped()
        }
    }

    @Test("A clock that runs with the machine's does so after a reset, too; another goes back to its instant")
    func resetClock() {
        let running = MockClock(at: nil, isMoving: true)
        let start = running.now
        while running.now < start + 0.01 {}
        running.advance(by: 3600)
        running.set(to: nil, isMoving: false)
        running.reset()
        #expect(running.isMoving && abs(running.now.timeIntervalSince(.now)) < 0.005)
        for clock in [MockClock(at: .madeClock, isMoving: false), MockClock(at: .madeClock, isMoving: true)] {
            clock.advance(by: 3600)
            clock.reset()
            #expect(abs(clock.now.timeIntervalSince(.madeClock)) < 60)
        }
        let frozen = MockClock(at: nil, isMoving: false)
        let shown = frozen.now
        frozen.advance(by: 3600)
        frozen.reset()
        #expect(frozen.now == shown)
    }

    @Test(
        "Reading the files again reads the faults, too: a plan that is the same goes on, and a broken file stops both")
    func reloadFaults() async throws {
        let first = MockIAM.FaultPlan(rules: [FaultRule(when: .calls(2), error: .status(503))])
        let second = MockIAM.FaultPlan(rules: [FaultRule(error: .status(500))])
        let files = Mutex((users: 1, plan: first, isBroken: false))
        var options = MockIAM.Options(faults: first)
        struct Broken: Error {}
        options.reload = { _ in
            let files = files.withLock { $0 }
            if files.isBroken { throw Broken() }
            return (.accounts([.made(users: files.users)]), files.plan)
        }
        try await MockIAM.run(account: .made(users: 1), options: options) { server async throws in
            #expect(try await server.ask("ListUsers").status == 200)
            #expect(try await control(server, "POST", "reload").status == 200)
            #expect(try await server.ask("ListUsers").status == 503)
            files.withLock { $0 = (2, second, true) }
            #expect(try await control(server, "POST", "reload").status == 422)
            #expect(try await server.ask("ListUsers").values("UserName").count == 1)
            files.withLock { $0.isBroken = false }
            #expect(try await control(server, "POST", "reload").status == 200)
            #expect(try await server.ask("ListUsers").status == 500)
            #expect(try await control(server, "DELETE", "faults").status == 200)
            #expect(try await server.ask("ListUsers").values("UserName").count == 2)
        }
    }

    @Test("Who reads the same accounts or recording again goes on with what was handed out and given")
    func reloadOfTheSame() async throws {
        let plan = Mutex(MockIAM.FaultPlan())
        var options = MockIAM.Options(repeat: .error)
        options.reload = { _ in (.accounts([.made(users: 1)]), plan.withLock { $0 }) }
        try await MockIAM.run(account: .made(users: 1), options: options) { server async throws in
            let role = ["RoleArn": "arn:aws:iam::111122223333:role/audit", "RoleSessionName": "jo"]
            let handedOut = try await server.askSTS("AssumeRole", role)
            let key = SigningKey(
                id: handedOut.values("AccessKeyId").first ?? "",
                secret: handedOut.values("SecretAccessKey").first ?? "",
                token: handedOut.values("SessionToken").first)
            plan.withLock {
                $0 = MockIAM.FaultPlan(rules: [FaultRule(match: .init(action: "GetUser"), error: .status(503))])
            }
            #expect(try await control(server, "POST", "reload").status == 200)
            #expect(try await server.ask("GetUser", as: key).status == 503)
            #expect(try await server.ask("ListUsers", as: key).status == 200)
            // Other accounts, put in between, give way to those of the files.
            server.serve([.made(users: 3)])
            #expect(try await control(server, "POST", "reload").status == 200)
            #expect(try await server.ask("ListUsers").values("UserName").count == 1)
        }
        let fixture = MockIAM.Fixture.made([.made("Action=A", answer: "<a/>"), .made("Action=A", answer: "<b/>")])
        options.reload = { _ in (.recording(fixture), nil) }
        try await MockIAM.run(fixture, options: options) { server async throws in
            #expect(try await server.post("Action=A")?.body == "<a/>")
            #expect(try await control(server, "POST", "reload").status == 200)
            #expect(try await server.post("Action=A")?.body == "<b/>")
        }
    }

    @Test("It stops the server, which answers what it has begun with")
    func stop() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            #expect(try await control(server, "POST", "stop").status == 202)
            await server.stopped()
        }
    }

    @Test("Wrong paths and methods say what there is, and pages in a browser stay outside")
    func wrong() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            let path = try await control(server, "GET", "redy")
            #expect(path.status == 404 && path.body.contains("/_mock/ready"))
            let method = try await control(server, "POST", "ready")
            #expect(method.status == 405 && method.body.contains("GET"))
            for (method, path, status, allow) in [
                ("HEAD", "ready", 200, nil), ("HEAD", "stop", 405, "POST"), ("POST", "ready", 405, "GET, HEAD"),
                ("PATCH", "faults", 405, "GET, HEAD, PUT, DELETE"), ("HEAD", "redy", 404, nil),
            ] as [(String, String, Int, String?)] {
                try await RawConnection.open(to: server) { connection in
                    try await connection.send(
                        "\(method) /_mock/\(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    let answer = try await connection.answer(toHEAD: method == "HEAD")
                    #expect(answer?.status == status && answer?.headers["allow"] == allow, "\(method) \(path)")
                }
            }
            let page = try await control(server, "POST", "reset", headers: "Origin: https://evil.example\r\n")
            #expect(page.status == 403)
        }
        try await MockIAM.run(account: .made(users: 1), options: MockIAM.Options(hasControl: false)) {
            server async throws in
            #expect(try await control(server, "GET", "ready").status == 404)
        }
    }
}
