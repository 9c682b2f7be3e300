import AWSClient
import FoundationEssentials
import Testing

/// Requests that botocore has signed (`generate_vectors.py`): forms, JSON 1.1, REST with paths and queries of all kinds,
/// headers that repeat and fold, session tokens.
@Suite struct BotocoreVectorTests {
    private struct Vector: Decodable {
        struct Header: Decodable {
            var name: String
            var value: String
        }

        var access_key_id: String
        var secret: String
        var token: String?
        var service: String
        var region: String
        var date: String
        var method: String
        var host: String
        var path: String
        var query: String
        var headers: [Header]
        var body: String
        var authorization: String
        var canonical_request: String
        var string_to_sign: String
        var signature: String
    }

    private func vectors() throws -> [Vector] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "botocore-vectors.jsonl")
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Vector.self, from: Data($0))
        }
    }

    @Test func `every step of a signature is botocore's, byte by byte`() throws {
        let vectors = try vectors()
        #expect(vectors.count >= 200)
        for vector in vectors {
            var url = try #require(EndpointURL("https://\(vector.host)"))
            url.path = vector.path
            let request = HTTPRequest(
                method: vector.method, url: url, query: vector.query,
                headers: vector.headers.map { HTTPHeader(name: $0.name, value: $0.value) },
                body: Array(try #require(Data(base64Encoded: vector.body))))
            let credentials = Credentials(
                accessKeyID: vector.access_key_id, secretAccessKey: Secret(vector.secret),
                sessionToken: vector.token.map(Secret.init), origin: "test")
            let signer = SigV4Signer(scope: SigningScope(service: vector.service, region: vector.region))
            let instant = try #require(Date(awsTimestamp: vector.date))
            let steps = signer.steps(for: request, with: credentials, at: instant)
            #expect(steps.canonicalText == vector.canonical_request)
            #expect(steps.textToSign == vector.string_to_sign)
            #expect(steps.signature == vector.signature)
            let signed = signer.sign(request, with: credentials, at: instant)
            #expect(signed.headers.last == HTTPHeader(name: "Authorization", value: vector.authorization))
        }
    }
}
