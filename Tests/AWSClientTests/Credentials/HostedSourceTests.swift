import AWSClient
import FoundationEssentials
import MockIAM
import Synchronization
import Testing

/// Loses so many requests before it lets any through.
private final class FailingAtFirst: Transport {
    private let transport: any Transport
    private let left: Mutex<Int>

    init(_ transport: any Transport, times: Int) {
        self.transport = transport
        left = Mutex(times)
    }

    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        let fails = left.withLock { left in
            defer { left -= 1 }
            return left > 0
        }
        if fails { throw TransportError(.timedOut, reason: "lost") }
        return try await transport.send(request, for: call)
    }
}

/// What a container or an instance is given by its host, against the emulator.
@Suite struct HostedSourceTests {
    /// One with any role that is asked for, unless its roles are named.
    private func account(_ roles: MockIAM.Role...) -> MockIAM.Account {
        MockIAM.Account(clock: Machine.now, roles: roles.isEmpty ? nil : roles)
    }

    @Test func `a container's credentials come from the URL that it is told, with the token in a file`() async throws {
        try await MockIAM.run(account: account(MockIAM.Role("task"))) { server in
            try await withTransport { transport in
                let machine = Machine(environment: [
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(server.endpointURL)/v2/credentials/x"
                ])
                // AWS CLI's own two seconds would be too short for a busy machine.
                let source = ContainerCredentials(
                    try machine.surroundings(transport: transport, url: server.endpointURL), timeout: .seconds(60))
                let found = try await source.credentials()
                #expect(found?.method == .container)
                #expect(found?.expiration != nil)
            }
        }
    }

    @Test(arguments: [(2, true), (3, false)])
    func `a container's credentials are asked for three times`(failures: Int, isFound: Bool) async throws {
        try await MockIAM.run(account: account(MockIAM.Role("task"))) { server in
            try await withTransport { transport in
                let machine = Machine(environment: [
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(server.endpointURL)/v2/credentials/x"
                ])
                let source = ContainerCredentials(
                    try machine.surroundings(
                        transport: FailingAtFirst(transport, times: failures), url: server.endpointURL),
                    timeout: .seconds(60))
                #expect(((try? await source.credentials()) != nil) == isFound)
            }
        }
    }

    /// Its keeper replaces it, and the variable stays what it was.
    @Test func `a container's token in a file comes before the one in a variable`() async throws {
        let prefix = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
        let transport = Scripted([.status(404)])
        let machine = Machine(
            environment: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/x", prefix: "old", "\(prefix)_FILE": "/token",
            ], files: ["/token": "new"])
        await #expect(throws: CredentialError.self) { try await machine.credentials(transport: transport) }
        #expect(transport.asked.first?.request.headers.last == HTTPHeader(name: "Authorization", value: "new"))
    }

    @Test(arguments: ["true", "TRUE"])
    func `an instance's metadata service that is switched off isn't asked`(value: String) async throws {
        let transport = Scripted([.status(200)])
        let machine = Machine(environment: ["AWS_EC2_METADATA_DISABLED": value])
        #expect(try await InstanceCredentials(machine.surroundings(transport: transport)).credentials() == nil)
        #expect(transport.asked.isEmpty)
    }

    /// What it doesn't have it won't have then.
    @Test(arguments: [(500, 2), (503, 2), (404, 1), (403, 1)])
    func `an instance's metadata service is asked again where it fails, and not where it refuses`(
        status: Int, count: Int
    ) async throws {
        let transport = Scripted([.status(status)])
        let machine = Machine(environment: ["AWS_METADATA_SERVICE_NUM_ATTEMPTS": "2"])
        #expect(try await InstanceCredentials(machine.surroundings(transport: transport)).credentials() == nil)
        #expect(transport.asked.count == count)
    }

    @Test func `an instance's credentials come from its metadata service, by a session`() async throws {
        try await MockIAM.run(account: account(MockIAM.Role("node"))) { server in
            try await withTransport { transport in
                let machine = Machine(environment: [
                    "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpointURL,
                    // A second would be AWS CLI's own, and too short for a busy machine.
                    "AWS_METADATA_SERVICE_TIMEOUT": "60",
                ])
                let found = try await machine.credentials(transport: transport, url: server.endpointURL)
                #expect(found?.method == .instance)
                #expect(found?.origin == "role 'node' of the EC2 instance")
            }
        }
    }

    @Test(arguments: [(nil, false), ("2", false), ("3", true), ("many", false)])
    func `an instance's metadata service is asked as often as the configuration says`(
        attempts: String?, isFound: Bool
    ) async throws {
        try await MockIAM.run(account: account(MockIAM.Role("node"))) { server in
            try await withTransport { transport in
                var environment = [
                    "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpointURL, "AWS_METADATA_SERVICE_TIMEOUT": "60",
                ]
                environment["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = attempts
                let source = InstanceCredentials(
                    try Machine(environment: environment).surroundings(
                        transport: FailingAtFirst(transport, times: 2), url: server.endpointURL))
                let found = await Result.catching { try await source.credentials() }
                #expect(((try? found.get()) != nil) == isFound)
            }
        }
    }

    /// Who names one means it; off EC2, nobody has, and nobody answers.
    @Test(arguments: [("http://127.0.0.1:9/", true), (nil, false)])
    func `a metadata service that was named and gives no token ends the search`(url: String?, isError: Bool)
        async throws
    {
        var environment: [String: String] = [:]
        environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = url
        let source = InstanceCredentials(
            try Machine(environment: environment).surroundings(transport: Scripted([.status(403)])))
        let found = await Result.catching { try await source.credentials() }
        switch found {
        case .success(let credentials): #expect(credentials == nil && !isError)
        case .failure(let error):
            #expect(
                isError && "\(error)".hasPrefix("AWS_EC2_METADATA_SERVICE_ENDPOINT: http://127.0.0.1:9/ gives no token")
            )
        }
    }

    @Test func `an instance without a role has no credentials, and all that was tried is told`() async {
        do {
            try await MockIAM.run(account: MockIAM.Account(clock: Machine.now, roles: [])) { server in
                try await withTransport { transport in
                    let machine = Machine(environment: [
                        "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpointURL,
                        // A second would be AWS CLI's own, and too short for a busy machine.
                        "AWS_METADATA_SERVICE_TIMEOUT": "60",
                    ])
                    _ = try await machine.credentials(transport: transport, url: server.endpointURL)
                }
            }
            Issue.record("there should be none")
        } catch {
            #expect(
                "\(error)".contains("  - EC2 instance metadata (IMDSv2; in a container it takes a hop limit of 2)\n"))
        }
    }
}
