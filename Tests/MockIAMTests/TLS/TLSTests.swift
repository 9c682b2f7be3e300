import Foundation
import MockIAM
import NIOSSL
import Testing

@Suite("TLS")
struct TLSTests {
    private func run<Result>(
        _ mode: MockIAM.TLSMode, hosts: [String] = [], _ body: (MockIAM.Server) async throws -> Result
    ) async throws -> Result {
        let options = MockIAM.Options(tls: mode, certificateHosts: hosts)
        return try await MockIAM.run(account: MockIAM.Account(), options: options, body)
    }

    private func client(_ server: MockIAM.Server) -> TLSClient {
        TLSClient(trusted: server.caCertificatePEM)
    }

    /// Why no connection came about; nil where one did.
    private func refusal(_ client: TLSClient, _ server: MockIAM.Server) async -> String? {
        do {
            _ = try await client.get("/_mock/ready", from: server)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("A client that trusts the authority connects, by name and by address", arguments: ["localhost", nil])
    func trusted(host: String?) async throws {
        try await run(.trusted) { server async throws in
            #expect(server.endpointURL == "https://127.0.0.1:\(server.port)")
            var client = client(server)
            client.host = host
            #expect(try await client.get("/_mock/ready", from: server).answer.status == 200)
        }
    }

    @Test("A client that doesn't trust the authority doesn't connect, nor one without TLS")
    func notTrusted() async throws {
        try await run(.trusted) { server async throws in
            #expect(await refusal(TLSClient(), server)?.contains("CERTIFICATE_VERIFY_FAILED") == true)
            let plain = try await RawConnection.open(to: server) { connection async throws in
                try await connection.send("GET /_mock/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
                return try? await connection.answer()
            }
            #expect(plain == nil)
            // Neither disturbs the others.
            #expect(try await client(server).get("/_mock/ready", from: server).answer.status == 200)
        }
    }

    @Test("A certificate is for further hosts where it is asked for")
    func furtherHosts() async throws {
        let (name, address) = ("mock-iam.example.com", "fd00::7")
        // The alternative names as RFC 5280 has them. This client would be content with the address that it talks to.
        let names = [
            [0x82, UInt8(name.utf8.count)] + Array(name.utf8), [0x87, 16, 0xFD] + Array(repeating: 0, count: 14) + [7],
        ]
        for hosts in [[], [name, address]] {
            let shown = try await run(.trusted, hosts: hosts) { server async throws in
                try await client(server).get("/_mock/ready", from: server).certificate?.toDERBytes()
            }
            let der = try #require(shown)
            for name in names { #expect(der.contains(name) == !hosts.isEmpty) }
        }
    }

    @Test("Every other certificate is refused", arguments: MockIAM.TLSMode.allCases.filter { $0 != .trusted })
    func refused(mode: MockIAM.TLSMode) async throws {
        try await run(mode) { server async throws in
            #expect(await refusal(client(server), server) != nil)
            #expect(server.journal.served == 0)
        }
    }

    @Test("A self-signed certificate has nobody else's signature")
    func selfSigned() async throws {
        try await run(.selfSigned) { server async throws in
            #expect(await refusal(client(server), server)?.contains("CERTIFICATE_VERIFY_FAILED") == true)
            var client = client(server)
            client.verification = .none
            #expect(await refusal(client, server) == nil)
        }
    }

    @Test("A certificate out of its time is refused for it", arguments: [MockIAM.TLSMode.expired, .notYetValid])
    func outOfTime(mode: MockIAM.TLSMode) async throws {
        try await run(mode) { server async throws in
            #expect(await refusal(client(server), server)?.contains("CERTIFICATE_VERIFY_FAILED") == true)
            var client = client(server)
            client.verification = .none
            let certificate = try #require(try await client.get("/_mock/ready", from: server).certificate)
            let now = Date.now.timeIntervalSince1970
            #expect((TimeInterval(certificate.notValidAfter) < now) == (mode == .expired))
            #expect((TimeInterval(certificate.notValidBefore) > now) == (mode == .notYetValid))
        }
    }

    @Test("A certificate of another host is refused for it, and for nothing else")
    func wrongHost() async throws {
        try await run(.wrongHost) { server async throws in
            var client = client(server)
            let reason = await refusal(client, server)
            #expect(reason?.contains("failedToValidateHostname") == true)
            client.host = "another-host.example.com"
            #expect(await refusal(client, server) == nil)
            client.host = "localhost"
            client.verification = .noHostnameVerification
            #expect(await refusal(client, server) == nil)
        }
    }

    @Test("A certificate of another authority is refused for it")
    func untrustedAuthority() async throws {
        try await run(.untrustedCA) { server async throws in
            #expect(await refusal(client(server), server)?.contains("CERTIFICATE_VERIFY_FAILED") == true)
            var client = client(server)
            client.verification = .none
            let certificate = try #require(try await client.get("/_mock/ready", from: server).certificate)
            let authority = try NIOSSLCertificate(
                bytes: Array((server.caCertificatePEM ?? "").utf8), format: .pem)
            #expect(certificate != authority)
        }
    }

    @Test("A handshake that is broken off is no matter of certificates")
    func brokenHandshake() async throws {
        try await run(.brokenHandshake) { server async throws in
            var client = client(server)
            client.verification = .none
            #expect(await refusal(client, server)?.contains("CERTIFICATE") == false)
        }
    }

    @Test("Every server has an authority of its own")
    func authorities() async throws {
        let first = try await run(.trusted) { $0.caCertificatePEM }
        let second = try await run(.trusted) { $0.caCertificatePEM }
        #expect(first != nil && first != second)
        #expect(try await MockIAM.run(account: MockIAM.Account()) { $0.caCertificatePEM } == nil)
    }

    @Test("Without TLS everything stays as it was, and a connection carries many requests with it")
    func keepAlive() async throws {
        try await run(.trusted) { server async throws in
            try await withThrowingTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask { try await client(server).get("/_mock/ready", from: server).answer.status }
                }
                for try await status in group { #expect(status == 200) }
            }
        }
    }
}
