import AWSClient
import FoundationEssentials
import MockIAM
import Testing

/// A role of `--role-arn`, which is assumed with credentials that may be a role's themselves.
@Suite struct GivenRoleTests {
    private static let audit = "arn:aws:iam::111122223333:role/audit"

    /// The base is a profile's role.
    private func withGivenRole(
        _ settings: String = "",
        _ body: (AWSClient, MockIAM.Server, CredentialProvider, HTTPTransport) async throws -> Void
    ) async throws {
        let machine = Machine(
            config: "[default]\nrole_arn = arn:aws:iam::111122223333:role/base\nsource_profile = keys\n\(settings)\n",
            credentials: "[keys]\naws_access_key_id = test\naws_secret_access_key = test\n")
        let account = MockIAM.Account(clock: Machine.now, users: [MockIAM.User("a", created: Machine.now - 86_400)])
        try await MockIAM.run(account: account) { server in
            try await withTransport { transport in
                let surroundings = try machine.surroundings(
                    transport: transport, url: server.endpointURL, now: { server.clock }, ask: { _ in "123456" })
                let found = try await CredentialChain.standard(surroundings).find()
                let base = CredentialProvider(found.credentials, from: found.source, now: { server.clock })
                let role = GivenRoleCredentials(
                    RoleToAssume(arn: Self.audit, duration: 900), with: base, in: surroundings)
                let provider = CredentialProvider(
                    try #require(try await role.credentials()), from: role, now: { server.clock })
                let client = AWSClient(
                    credentials: provider, endpoints: surroundings.endpoints, transport: transport, userAgent: "test",
                    clock: surroundings.clock)
                try await body(client, server, base, transport)
            }
        }
    }

    @Test func `where AWS ends it and the one below, both are replaced`() async throws {
        try await withGivenRole { client, server, base, transport in
            _ = try await client.send(ListUsers())
            let first = base.current.accessKeyID
            var control = try #require(EndpointURL(server.endpointURL))
            control.path = "/_mock/sessions/expire"
            let answer = try await transport.send(
                HTTPRequest(method: "POST", url: control), for: Call(operation: "control", attempt: 1))
            try #require(200..<300 ~= answer.status)
            _ = try await client.send(ListUsers())
            #expect(base.current.accessKeyID != first)
        }
    }

    @Test func `over a session that took a code it is assumed again for as long as that lasts`() async throws {
        try await withGivenRole("mfa_serial = arn:aws:iam::111122223333:mfa/phone") { client, server, base, _ in
            #expect(!base.current.isRefreshable)
            _ = try await client.send(ListUsers())
            server.advanceClock(by: 1800)
            _ = try await client.send(ListUsers())
            // The first two are the code's and its own.
            #expect(server.journal.counts["AssumeRole"] == 3)
            server.advanceClock(by: 3600)
            await #expect(throws: AWSError.self) { try await client.send(ListUsers()) }
        }
    }

    @Test func `a role of another partition is told by the region that it needs`() async throws {
        let machine = Machine(
            config: "", credentials: "[default]\naws_access_key_id = test\naws_secret_access_key = test\n")
        let account = MockIAM.Account(clock: Machine.now, users: [MockIAM.User("a", created: Machine.now - 86_400)])
        try await MockIAM.run(account: account) { server in
            try await withTransport { transport in
                let surroundings = try machine.surroundings(
                    transport: transport, url: server.endpointURL, now: { server.clock }, ask: nil)
                let base = CredentialProvider(
                    Credentials(accessKeyID: "test", secretAccessKey: Secret("test"), sessionToken: nil, origin: "test")
                )
                let role = GivenRoleCredentials(
                    RoleToAssume(arn: "arn:aws-us-gov:iam::111122223333:role/audit"), with: base, in: surroundings)
                let error = await #expect(throws: CredentialError.self) { try await role.credentials() }
                let text = "\(try #require(error))"
                #expect(
                    text.hasSuffix(
                        ". The role is of partition aws-us-gov, and STS was asked in partition aws: name a region of the "
                            + "role's with --region, AWS_REGION or the profile's region."), "\(text)")
                #expect(!text.contains(".."))
            }
        }
    }
}
