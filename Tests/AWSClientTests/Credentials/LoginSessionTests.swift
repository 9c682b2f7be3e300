import AWSClient
import Crypto
import Foundation
import Testing

/// The session that `aws login` has left, and its renewal.
@Suite struct LoginSessionTests {
    /// By the SHA-256 of `x`.
    private static let cache =
        "\(Machine.home)/.aws/login/cache/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881.json"

    /// Answers the renewal, or doesn't.
    private struct SignIn: Transport {
        var answers = true

        func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
            guard answers else { throw TransportError(.unreachable, reason: "there is no network") }
            let body = """
                {"accessToken": {"accessKeyId": "NEW", "secretAccessKey": "s", "sessionToken": "t"}, "expiresIn": 900,
                "refreshToken": "next"}
                """
            return HTTPResponse(status: 200, body: Array(body.utf8))
        }
    }

    private struct DiskFull: Error {}

    /// What a session that ends at an instant leads to.
    private func credentials(
        until end: String, _ signIn: SignIn, canWrite: Bool
    ) async throws -> (found: Credentials?, cache: String?) {
        let key = String(decoding: try JSONEncoder().encode(P256.Signing.PrivateKey().pemRepresentation), as: UTF8.self)
        let session = """
            {"accessToken": {"accessKeyId": "OLD", "secretAccessKey": "s", "sessionToken": "t", "expiresAt": "\(end)"},
            "refreshToken": "first", "clientId": "c", "dpopKey": \(key)}
            """
        let machine = Machine(config: "[default]\nlogin_session = x\n", files: [Self.cache: session])
        var surroundings = try machine.surroundings(transport: signIn)
        if !canWrite { surroundings.replaceFile = { _, _ in throw DiskFull() } }
        let found = try await LoginCredentials(surroundings, profile: "default").credentials()
        return (found, machine.file(Self.cache))
    }

    /// 20:45 is now.
    @Test(arguments: ["2026-11-22T20:30:00Z", "2026-11-22T20:48:00Z"])
    func `a session that ends is renewed, and kept`(end: String) async throws {
        let (found, cache) = try await credentials(until: end, SignIn(), canWrite: true)
        #expect(found?.accessKeyID == "NEW")
        #expect(cache?.contains(#""refreshToken":"next""#) == true)
    }

    /// The old refresh token is used up by then: who goes on with the old credentials loses the session unawares.
    @Test(arguments: ["2026-11-22T20:30:00Z", "2026-11-22T20:48:00Z"])
    func `a session that is renewed and can't be kept is an error, also while the old credentials last`(
        end: String
    ) async throws {
        let error = await #expect(throws: CredentialError.self) {
            try await credentials(until: end, SignIn(), canWrite: false)
        }
        guard case .unwritable(Self.cache, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason == "the refreshed session can't be written back (DiskFull())")
    }

    @Test func `while the old credentials last, they serve where nobody can be asked for others`() async throws {
        let (found, _) = try await credentials(
            until: "2026-11-22T20:48:00Z", SignIn(answers: false), canWrite: true)
        #expect(found?.accessKeyID == "OLD")
        let error = await #expect(throws: CredentialError.self) {
            try await credentials(until: "2026-11-22T20:30:00Z", SignIn(answers: false), canWrite: true)
        }
        #expect("\(try #require(error))".contains("can't be refreshed"))
    }
}
