import AWSClient
import Crypto
import Foundation
import Synchronization
import Testing

@testable import Collector

/// What is said of a timestamp that lies beside a bundle.
@Suite struct TimestampCheckTests {
    private static let sums = Data("0000  a\n".utf8)

    private func der(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length =
            content.count < 128
            ? [UInt8(content.count)] : [0x82, UInt8(content.count >> 8), UInt8(content.count & 255)]
        return [tag] + length + content
    }

    private static let sha256: [UInt8] = [0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
    private static let timestampInfo: [UInt8] = [
        0x06, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04,
    ]

    /// A response as RFC 3161 has it, signed by nobody.
    private func response(
        _ time: String = "20261122204500Z", status: UInt8 = 0, over message: Data = sums,
        algorithm: [UInt8] = sha256, content timestampInfo: [UInt8] = timestampInfo, nonce: UInt8? = nil
    ) -> [UInt8] {
        let signedData: [UInt8] = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]
        let imprint = der(0x30, der(0x30, algorithm) + der(0x04, Array(SHA256.hash(data: message))))
        let info = der(
            0x30,
            [0x02, 1, 1] + [0x06, 1, 0x2a] + imprint + [0x02, 1, 7] + der(0x18, Array(time.utf8))
                + (nonce.map { [0x02, 1, $0] } ?? []))
        let content = der(0x30, timestampInfo + der(0xa0, der(0x04, info)))
        let token = der(0x30, signedData + der(0xa0, der(0x30, [0x02, 1, 3] + der(0x31, []) + content)))
        return der(0x30, der(0x30, [0x02, 1, status]) + token)
    }

    private func result(_ time: String) async throws -> VerificationCheck.Result? {
        try await withTemporaryFolder { folder in
            let url = URL(filePath: folder)
            try Data(response(time)).write(to: url.appending(path: "SHA256SUMS.tsr"))
            return SealChecks(
                folder: BundleFolder(path: folder), checksums: Array(Self.sums), manifest: nil, allowed: nil,
                now: { Date(timeIntervalSince1970: 1_795_380_300) }
            ).timestamp?.result
        }
    }

    @Test func `where the manifest names no authority the command is given`() async throws {
        #expect(
            try await result("20261122204500Z")
                == .noted(
                    "there at 2026-11-22T20:45:00Z by the word of an authority; the manifest names none. Whose it is: openssl "
                        + "ts -verify -data SHA256SUMS -in SHA256SUMS.tsr -CAfile AUTHORITY.pem"))
    }

    @Test func `a timestamp from the future fails`() async throws {
        guard case .noted = try await result("20261122210000Z") else {
            Issue.record("a quarter of an hour is taken")
            return
        }
        #expect(
            try await result("20261122210001Z")
                == .failed(["the timestamp, 2026-11-22T21:00:01Z, is in the future"]))
    }

    // MARK: Authorities

    /// Answers with so many failures, and then with a response.
    private final class Authority: Transport {
        private let answer: [UInt8]
        private let failures: Mutex<Int>
        private let requests = Mutex(0)

        init(_ answer: [UInt8], failures: Int = 0) {
            self.answer = answer
            self.failures = Mutex(failures)
        }

        var asked: Int { requests.withLock(\.self) }

        func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
            requests.withLock { $0 += 1 }
            let fails = failures.withLock { failures in
                defer { failures -= 1 }
                return failures > 0
            }
            return fails ? HTTPResponse(status: 503, body: []) : HTTPResponse(status: 200, body: answer)
        }
    }

    /// What is said of an authority's answer to a request with the nonce 5; nil where it is taken.
    private func failure(_ authority: Authority) async -> String? {
        do {
            let url = try #require(EndpointURL("http://tsa.example/"))
            _ = try await TimestampAuthority(url: url, transport: authority, nonce: { 10 })
                .timestamp(over: Array(Self.sums), sleep: { _ in })
            return nil
        } catch { return "\(error)" }
    }

    /// An older answer may be over the same bytes, and one to somebody else have the same number by chance.
    @Test func `an authority's answer is over what was asked, and to this request`() async throws {
        let other = "the timestamp from http://tsa.example/ is for something else than was asked"
        #expect(await failure(Authority(response(nonce: 5))) == nil)
        #expect(await failure(Authority(response(nonce: 6))) == other)
        #expect(await failure(Authority(response())) == other)
        #expect(await failure(Authority(response(over: Data("other".utf8), nonce: 5))) == other)
    }

    @Test(arguments: [(0, 1, true), (2, 3, true), (3, 3, false)])
    func `an authority is asked three times`(failures: Int, asked: Int, isTaken: Bool) async {
        let authority = Authority(response(nonce: 5), failures: failures)
        #expect((await failure(authority) == nil) == isTaken)
        #expect(authority.asked == asked)
    }

    @Test func `a timestamp that is granted with a change is one, and what is none isn't`() {
        func reason(_ bytes: [UInt8]) -> String? {
            do {
                _ = try TimestampResponse(bytes)
                return nil
            } catch { return "\(error)" }
        }
        for status in [0, 1] as [UInt8] { #expect(reason(response(status: status)) == nil) }
        #expect(reason(response(status: 2)) == "the authority refuses (status 2)")
        let sha224 = Self.sha256.dropLast() + [4]
        #expect(reason(response(algorithm: Array(sha224))) == "its digest isn't SHA-256")
        let other = Self.timestampInfo.dropLast() + [5]
        #expect(reason(response(content: Array(other))) == "what is signed isn't a timestamp")
    }
}
