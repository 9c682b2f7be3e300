import AWSClient
import FoundationEssentials
import MockIAM
import Synchronization
import Testing

/// Refuses to refresh tokens, as AWS does where somebody else has used the refresh token.
private struct RefusingTokens: Transport {
    let base: any Transport
    let notice: @Sendable () -> Void

    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        guard call.operation == "CreateToken" else { return try await base.send(request, for: call) }
        notice()
        return HTTPResponse(status: 400, body: Array(#"{"error": "invalid_grant"}"#.utf8))
    }
}

/// Sources that ask somebody over the network, against the emulator.
@Suite struct EmulatedSourceTests {
    private let mfa = "arn:aws:iam::111122223333:mfa/phone"

    /// One with any role that is asked for, unless its roles are named.
    private func account(_ roles: MockIAM.Role...) -> MockIAM.Account {
        MockIAM.Account(clock: Machine.now, roles: roles.isEmpty ? nil : roles)
    }

    /// What a machine finds, with the emulator for everything that is on the network.
    private func find(
        _ machine: Machine, in account: MockIAM.Account, asking ask: (@Sendable (String) throws -> String)? = nil,
        checking check: (MockIAM.Server) throws -> Void = { _ in }
    ) async throws -> Credentials? {
        try await MockIAM.run(account: account) { server in
            try await withTransport { transport in
                let found = try await machine.credentials(transport: transport, url: server.endpointURL, ask: ask)
                try check(server)
                return found
            }
        }
    }

    private func failure(
        _ machine: Machine, in account: MockIAM.Account, ask: (@Sendable (String) throws -> String)? = nil
    ) async -> String {
        do {
            let found = try await find(machine, in: account, asking: ask)
            return "no failure: \(found?.accessKeyID ?? "nothing")"
        } catch {
            return "\(error)"
        }
    }

    private func roleMachine(_ settings: String, role: String = "audit") -> Machine {
        Machine(
            config:
                "[default]\nrole_arn = arn:aws:iam::111122223333:role/\(role)\nsource_profile = base\n\(settings)\n",
            credentials: "[base]\naws_access_key_id = test\naws_secret_access_key = test\n")
    }

    // MARK: Roles

    @Test func `a role that wants MFA gets the code that the person at the terminal gives, and isn't refreshed`()
        async throws
    {
        let role = MockIAM.Role("audit", mfaSerial: mfa)
        let found = try await find(
            roleMachine("mfa_serial = \(mfa)"), in: account(role),
            asking: { prompt in
                #expect(prompt == "MFA code for arn:aws:iam::111122223333:mfa/phone: ")
                return "123456"
            },
            checking: { server in
                #expect(server.journal.entries.first?.parameters["TokenCode"] == "123456")
                #expect(server.journal.entries.first?.parameters["SerialNumber"] == mfa)
            })
        #expect(found?.method == .assumeRole)
        #expect(found?.isRefreshable == false)
        #expect(found?.expiration == Machine.now + 3600)
    }

    @Test func `without a terminal, or without six digits, no role that wants MFA is asked for`() async {
        let machine = roleMachine("mfa_serial = \(mfa)")
        let nobody = await failure(machine, in: account())
        #expect(nobody.contains("there is no terminal to ask on"))
        let command = "aws sts assume-role --profile base --role-arn 'arn:aws:iam::111122223333:role/audit' "
        #expect(nobody.contains(command + "--role-session-name keywitness-session-"))
        #expect(nobody.contains(" --serial-number '\(mfa)' --token-code CODE Then set AWS_ACCESS_KEY_ID, "))
        let more = await failure(
            roleMachine(
                "mfa_serial = \(mfa)\nrole_session_name = nightly\nexternal_id = it's\nduration_seconds = 900"),
            in: account())
        #expect(
            more.contains(
                #"--role-session-name nightly --external-id 'it'\''s' --duration-seconds 900 --serial-number "#))
        let short = await failure(machine, in: account(), ask: { _ in "12345" })
        #expect(short.contains("an MFA code has six digits"))
        #expect(!short.contains("12345"))
        let letters = await failure(machine, in: account(), ask: { _ in "12345a" })
        #expect(letters.contains("an MFA code has six digits"))
    }

    @Test func `what the profile says about the role is what STS is told`() async throws {
        let settings = "external_id = e-1\nrole_session_name = nightly\nduration_seconds = 1800"
        let found = try await find(
            roleMachine(settings), in: account(MockIAM.Role("audit", externalID: "e-1")),
            checking: { server in
                let told = server.journal.entries.first?.parameters
                #expect(told?["ExternalId"] == "e-1")
                #expect(told?["RoleSessionName"] == "nightly")
                #expect(told?["DurationSeconds"] == "1800")
            })
        #expect(found?.expiration == Machine.now + 1800)
        #expect(found?.isRefreshable == true)
    }

    @Test func `a session that nobody named has one name for the whole run`() async throws {
        let machine = roleMachine("")
        let now = Mutex(Machine.now)
        try await MockIAM.run(account: account()) { server in
            try await withTransport { transport in
                let surroundings = try machine.surroundings(
                    transport: transport, url: server.endpointURL, now: { now.withLock { $0 } })
                let source = AssumeRoleCredentials(surroundings, profile: "default")
                for _ in 0..<2 {
                    _ = try await source.credentials()
                    now.withLock { $0 += 60 }
                }
                let names = server.journal.entries.map { $0.parameters["RoleSessionName"] }
                let name = "keywitness-session-\(Int(Machine.now.timeIntervalSince1970))"
                #expect(names == [name, name])
            }
        }
    }

    @Test func `a role that can't be assumed says with whom it was tried, and what may be missing`() async {
        let denied = await failure(
            roleMachine("external_id = wrong"), in: account(MockIAM.Role("audit", externalID: "e-1")))
        #expect(denied.contains("arn:aws:iam::111122223333:role/audit can't be assumed with test"))
        #expect(denied.contains("profile 'base'"))
        #expect(denied.hasSuffix("does it ask for an external id or MFA?"))
    }

    @Test func `a role of the command line that is refused says where MFA is set`() async throws {
        let machine = roleMachine("", role: "base")
        try await MockIAM.run(
            account: account(MockIAM.Role("base"), MockIAM.Role("audit", externalID: "e-1"))
        ) { server in
            try await withTransport { transport in
                let surroundings = try machine.surroundings(transport: transport, url: server.endpointURL)
                let found = try await CredentialChain.standard(surroundings).find()
                let given = GivenRoleCredentials(
                    RoleToAssume(arn: "arn:aws:iam::111122223333:role/audit"),
                    with: CredentialProvider(found.credentials, from: found.source, now: { Machine.now }),
                    in: surroundings)
                let error = await #expect(throws: CredentialError.self) { _ = try await given.credentials() }
                #expect(
                    error?.description.hasSuffix(
                        "--external-id gives the one; for the other, put role_arn and mfa_serial into a profile.")
                        == true, "\(error?.description ?? "")")
            }
        }
    }

    @Test func `a role that allows no session as long as that says which is short enough`() async {
        let long = await failure(roleMachine("duration_seconds = 43200"), in: account(MockIAM.Role("audit")))
        #expect(long.contains("Lower duration_seconds of profile 'default' to 3600; a role may allow up to 43200"))
        let short = await failure(roleMachine("duration_seconds = 60"), in: account(MockIAM.Role("audit")))
        #expect(short.hasSuffix("Raise duration_seconds of profile 'default' to 900."))
    }

    @Test func `each link of a chain signs with the credentials of the one before`() async throws {
        let machine = Machine(
            config: """
                [default]
                role_arn = arn:aws:iam::111122223333:role/last
                source_profile = middle
                [profile middle]
                role_arn = arn:aws:iam::111122223333:role/middle
                source_profile = base
                """, credentials: "[base]\naws_access_key_id = test\naws_secret_access_key = test\n")
        let middle = "arn:aws:iam::111122223333:role/middle"
        _ = try await find(
            machine, in: account(MockIAM.Role("middle"), MockIAM.Role("last", trusts: [middle])),
            checking: { server in
                #expect(server.journal.counts == ["AssumeRole": 2])
                #expect(server.journal.entries[0].accessKeyID == "test")
                #expect(server.journal.entries[1].accessKeyID?.hasPrefix("ASIA") == true)
            })
    }

    /// Whoever gave it would have to give another.
    @Test func `a role isn't refreshed either where a code was given for one before it`() async throws {
        let machine = Machine(
            config: """
                [default]
                role_arn = arn:aws:iam::111122223333:role/last
                source_profile = middle
                [profile middle]
                role_arn = arn:aws:iam::111122223333:role/middle
                source_profile = base
                mfa_serial = \(mfa)
                """, credentials: "[base]\naws_access_key_id = test\naws_secret_access_key = test\n")
        let roles = [
            MockIAM.Role("middle", mfaSerial: mfa),
            MockIAM.Role("last", trusts: ["arn:aws:iam::111122223333:role/middle"]),
        ]
        let found = try await find(machine, in: account(roles[0], roles[1]), asking: { _ in "123456" })
        #expect(found?.isRefreshable == false)
    }

    /// As botocore has it.
    @Test func `of a source profile that has keys and a role the keys count`() async throws {
        let machine = Machine(
            config: """
                [default]
                role_arn = arn:aws:iam::111122223333:role/audit
                source_profile = base
                [profile base]
                role_arn = arn:aws:iam::111122223333:role/other
                source_profile = base
                """, credentials: "[base]\naws_access_key_id = test\naws_secret_access_key = test\n")
        _ = try await find(
            machine, in: account(),
            checking: { server in
                #expect(server.journal.counts == ["AssumeRole": 1])
                #expect(server.journal.entries.first?.accessKeyID == "test")
            })
    }

    /// Nobody who has given a code is to find it in a log.
    @Test func `an error doesn't repeat the code that was given`() async throws {
        let message = "MultiFactorAuthentication failed with invalid MFA one time pass code 493028"
        let transport = Scripted([.refusal("AccessDenied", message: message, status: 403)])
        let error = await #expect(throws: CredentialError.self) {
            try await roleMachine("mfa_serial = \(mfa)").credentials(transport: transport, ask: { _ in "493028" })
        }
        #expect(error?.description.contains("one time pass code <redacted>") == true)
        #expect(error?.description.contains("493028") == false)
    }

    @Test func `an answer without an access key id has no credentials`() async throws {
        func answer(_ id: String) -> Scripted.Outcome {
            let body = """
                <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>\(id)</AccessKeyId><SecretAccessKey>s\
                </SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-11-22T21:45:00Z</Expiration>\
                </Credentials></AssumeRoleResult></AssumeRoleResponse>
                """
            return .success(HTTPResponse(status: 200, body: Array(body.utf8)))
        }
        let machine = roleMachine("")
        #expect(try await machine.credentials(transport: Scripted([answer("ASIA1")]))?.accessKeyID == "ASIA1")
        await #expect(throws: CredentialError.self) { try await machine.credentials(transport: Scripted([answer("")])) }
    }

    // MARK: Tokens

    /// A JSON Web Token whose signature nobody checks, with these claims and those that AWS wants in any.
    private func token(_ claims: String) -> String {
        let all = #"{"aud":"sts.amazonaws.com","iss":"https://oidc.example","iat":1600000000,"#
        let claims = Data((all + claims.dropFirst()).utf8).base64EncodedString().replacing("=", with: "")
        return "e30.\(claims).c2ln"
    }

    @Test func `a web identity's token is read again for each role session, and an expired one says so`() async throws {
        let variables = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/audit",
        ]
        let good = token(#"{"sub":"system:serviceaccount:audit","exp":4102444800}"#)
        let machine = Machine(environment: variables, files: ["/token": good])
        let found = try await find(
            machine, in: account(MockIAM.Role("audit")),
            checking: { server in
                #expect(server.journal.entries.first?.accessKeyID == nil, "the call isn't signed")
            })
        #expect(found?.method == .webIdentity)
        let old = token(#"{"sub":"s","exp":1}"#)
        let expired = await failure(
            Machine(environment: variables, files: ["/token": old]), in: account(MockIAM.Role("audit")))
        #expect(expired.contains("ExpiredTokenException"))
        #expect(!expired.contains(old))
        let missing = await failure(Machine(environment: variables), in: account())
        #expect(missing.hasPrefix("/token: there is no such file"))
    }

    // MARK: Single sign-on

    private static let session = """
        [profile sso]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = SecurityAudit
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = us-east-1
        """
    /// Of `corp`, as AWS CLI names it.
    private static let cache = "\(Machine.home)/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"

    private func ssoMachine(token: String, expires: String, refreshable: Bool = true) -> Machine {
        let refresh = """
            , "clientId": "\(MockIAM.TestSignOn.clientID)", "clientSecret": "\(MockIAM.TestSignOn.clientSecret)",
            "registrationExpiresAt": "2099-01-01T00:00:00Z", "refreshToken": "\(MockIAM.TestSignOn.refreshToken)"
            """
        return Machine(
            config: Self.session, profile: "sso",
            files: [
                Self.cache: """
                {"startUrl": "https://corp.awsapps.com/start", "region": "us-east-1", "accessToken": "\(token)",
                "expiresAt": "\(expires)"\(refreshable ? refresh : "")}
                """
            ])
    }

    @Test func `a token that ends within 15 minutes is refreshed, and the cache has the new one`() async throws {
        let machine = ssoMachine(token: "old", expires: "2026-11-22T20:50:00Z")
        let found = try await find(
            machine, in: account(),
            checking: { server in
                #expect(server.journal.counts["CreateToken"] == 1)
            })
        #expect(found?.method == .sso)
        let cache = try #require(machine.file(Self.cache))
        #expect(!cache.contains("\"old\""))
        #expect(!cache.contains(MockIAM.TestSignOn.refreshToken), "a refresh token is good for one use")
        #expect(cache.contains("\"aoaAAAAAG"))
        #expect(cache.contains("\"aorAAAAAG"))
        #expect(cache.contains("\"expiresAt\":\"2026-11-22T21:45:00Z\""))
    }

    /// A refresh token is good for one use: the loser of two programs takes the winner's token.
    @Test(arguments: [0, 3])
    func `a token that another program has refreshed in the same moment is taken`(looks: Int) async throws {
        let machine = ssoMachine(token: "old", expires: "2026-11-22T20:00:00Z")
        let winners = ssoMachine(token: MockIAM.TestSignOn.accessToken, expires: "2026-11-22T21:45:00Z")
        try await MockIAM.run(account: account()) { server in
            try await withTransport { transport in
                var surroundings = try machine.surroundings(transport: transport, url: server.endpointURL)
                let (write, fresh) = (surroundings.replaceFile, try #require(winners.file(Self.cache)))
                let left = Mutex(looks)
                let lookedAt: @Sendable () -> Void = {
                    let isNow = left.withLock { left in
                        defer { left -= 1 }
                        return left == 0
                    }
                    if isNow { try? write(Self.cache, Array(fresh.utf8)) }
                }
                surroundings.transport = RefusingTokens(base: transport, notice: lookedAt)
                surroundings.clock.sleep = { _ in lookedAt() }
                let found = try await CredentialChain.standard(surroundings).find()
                #expect(found.credentials.method == .sso)
                #expect(machine.file(Self.cache) == fresh)
            }
        }
    }

    // MARK: Clocks

    @Test(arguments: [-7200.0, 7200.0])
    func `a role lasts as long as AWS says by a machine's clock that is wrong, too`(ahead: TimeInterval) async throws {
        let role = try await find(roleMachine(""), in: MockIAM.Account(clock: Machine.now - ahead))
        #expect(role?.expiration == Machine.now + 3600)
    }

    /// Nothing is signed there, so that nobody refuses it for the clock.
    @Test func `single sign-on's credentials haven't ended as they come, by a clock that is ahead`() async throws {
        let account = MockIAM.Account(clock: Machine.now - 86_400)
        let options = MockIAM.Options(isClockMoving: true)
        let end = try await MockIAM.run(account: account, options: options) { server in
            try await withTransport { transport in
                try await ssoMachine(token: MockIAM.TestSignOn.accessToken, expires: "2026-11-22T21:30:00UTC")
                    .credentials(transport: transport, url: server.endpointURL)?.expiration
            }
        }
        let left = try #require(end).timeIntervalSince(Machine.now)
        #expect(left > 0 && left <= 12 * 3600)
    }

    @Test func `a token that has time is used as it is, and the cache stays as it is`() async throws {
        let machine = ssoMachine(token: MockIAM.TestSignOn.accessToken, expires: "2026-11-22T21:30:00UTC")
        let before = machine.file(Self.cache)
        _ = try await find(
            machine, in: account(),
            checking: { server in
                #expect(server.journal.counts["CreateToken"] == nil)
            })
        #expect(machine.file(Self.cache) == before)
    }

    @Test(arguments: [
        ("old", "2026-11-22T20:00:00Z", false, "the session has expired at 2026-11-22T20:00:00Z"),
        ("nobody's", "2026-11-22T22:00:00Z", false, "the SSO session has ended or isn't valid"),
    ])
    func `whoever is signed out is told how to sign in, and no token is shown`(
        token: String, expires: String, refreshable: Bool, reason: String
    ) async {
        let said = await failure(ssoMachine(token: token, expires: expires, refreshable: refreshable), in: account())
        #expect(said.contains(reason))
        #expect(said.hasSuffix("Run: aws sso login --profile sso"))
        #expect(!said.contains("nobody's"))
    }

    @Test func `a refresh token that stays the same is kept as it is`() async throws {
        let machine = ssoMachine(token: "old", expires: "2026-11-22T20:50:00Z")
        let kept = "refresh-token-that-stays-the-same"
        try machine.surroundings().replaceFile(
            Self.cache,
            Array((machine.file(Self.cache) ?? "").replacing(MockIAM.TestSignOn.refreshToken, with: kept).utf8))
        let body = #"{"accessToken": "new", "expiresIn": 3600, "refreshToken": "\#(kept)"}"#
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        try await Loopback.answering(answer) { server in
            try await withTransport { transport in
                let url = "http://127.0.0.1:\(server.port)"
                // What comes after the token is of no matter, and an answer of the wrong kind.
                _ = try? await machine.credentials(transport: transport, url: url)
            }
        }
        let cache = try #require(machine.file(Self.cache))
        #expect(cache.contains("\"accessToken\":\"new\""))
        #expect(cache.contains(kept))
    }

    /// The old one is used up.
    @Test func `without a new refresh token the cache has none`() async throws {
        let machine = ssoMachine(token: "old", expires: "2026-11-22T20:50:00Z")
        let answer = HTTPResponse(status: 200, body: Array(#"{"accessToken": "new", "expiresIn": 3600}"#.utf8))
        _ = try? await machine.credentials(transport: Scripted([.success(answer), .status(404)]))
        let cache = try #require(machine.file(Self.cache))
        #expect(cache.contains("\"accessToken\":\"new\""))
        #expect(!cache.contains("refreshToken"))
    }

    @Test func `a client whose registration has ended isn't used to refresh a token`() async throws {
        let machine = ssoMachine(token: MockIAM.TestSignOn.accessToken, expires: "2026-11-22T20:50:00Z")
        let ended = (machine.file(Self.cache) ?? "").replacing("2099-01-01T00:00:00Z", with: "2026-11-22T20:45:00Z")
        try machine.surroundings().replaceFile(Self.cache, Array(ended.utf8))
        _ = try await find(
            machine, in: account(),
            checking: { server in #expect(server.journal.counts == ["GetRoleCredentials": 1]) })
    }

    @Test(arguments: ["2026-11-22T20:00:00Z", "2026-11-22T20:50:00Z"])
    func `who can't reach Identity Center isn't told to sign in again`(expires: String) async throws {
        let machine = ssoMachine(token: MockIAM.TestSignOn.accessToken, expires: expires)
        let said = await #expect(throws: CredentialError.self) {
            try await machine.credentials(transport: NoNetwork())
        }
        let text = "\(try #require(said))"
        #expect(text.contains("unreachable: there is no network in this test"))
        #expect(text.hasSuffix("Is sso_region 'us-east-1' right, and is the network up?"))
        // The one at hand is good for five minutes more, and asking for credentials with it is what fails then.
        #expect(text.contains("GetRoleCredentials") == (expires == "2026-11-22T20:50:00Z"))
        #expect(text.contains("CreateToken") == (expires == "2026-11-22T20:00:00Z"))
    }

    @Test func `whoever never signed in is told so, too`() async {
        let said = await failure(Machine(config: Self.session, profile: "sso"), in: account())
        #expect(said == "SSO: nobody has signed in (\(Self.cache) isn't there). Run: aws sso login --profile sso")
    }
}
