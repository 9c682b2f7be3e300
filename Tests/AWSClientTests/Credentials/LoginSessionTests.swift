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
            {"accessToken": {"accessKeyId": "OLD", "secretAccessKey": "s", "sessionToken": "t", "expiresAt": "\(end)",
            "accountId": "111122223333"},
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
        #expect(cache?.contains(#""accountId":"111122223333""#) == true)
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

    // MARK: The proof

    private struct Header: Decodable {
        struct Key: Decodable { let x, y: String }
        let typ, alg: String
        let jwk: Key
    }

    private struct Claims: Decodable {
        let htm, htu, jti: String
        let iat: Int
    }

    /// https://datatracker.ietf.org/doc/html/rfc7515#section-2; nil for what isn't that.
    private func bytes(base64URL text: String) -> Data? {
        guard text.utf8.allSatisfy({ !"+/=".utf8.contains($0) }) else { return nil }
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/") + padding)
    }

    /// Source: https://datatracker.ietf.org/doc/html/rfc9449#section-4.2
    @Test func `each request has a proof of its own, for its URL and its second, by the key that signed in`() throws {
        let key = P256.Signing.PrivateKey()
        let operation = try CreateOAuth2Token(
            clientID: "c", refreshToken: Secret("r"), key: Secret(key.pemRepresentation),
            endpoint: try #require(EndpointURL("https://signin.example.com/")), now: { Machine.now + 0.9 })
        var ids: Set<String> = []
        // So many have every character of base64 in them.
        for _ in 0..<50 {
            let proof = try #require(operation.content.headers.first { $0.name == "DPoP" }?.value)
            let parts = proof.split(separator: ".")
            let decoded = try parts.map { try #require(bytes(base64URL: String($0))) }
            try #require(decoded.count == 3)
            let header = try JSONDecoder().decode(Header.self, from: decoded[0])
            #expect(header.typ == "dpop+jwt" && header.alg == "ES256")
            let point = try [header.jwk.x, header.jwk.y].map { try #require(bytes(base64URL: $0)) }
            #expect(point[0] + point[1] == key.publicKey.rawRepresentation)
            let claims = try JSONDecoder().decode(Claims.self, from: decoded[1])
            #expect(claims.htm == "POST" && claims.htu == "https://signin.example.com/v1/token")
            #expect(claims.iat == 1_795_380_300)
            ids.insert(claims.jti)
            let signature = try P256.Signing.ECDSASignature(rawRepresentation: decoded[2])
            #expect(key.publicKey.isValidSignature(signature, for: Data("\(parts[0]).\(parts[1])".utf8)))
        }
        #expect(ids.count == 50)
    }
}
