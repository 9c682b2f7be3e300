import Crypto
import Foundation
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

    /// A response as RFC 3161 has it, signed by nobody.
    private func response(_ time: String) -> [UInt8] {
        let sha256: [UInt8] = [0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
        let signedData: [UInt8] = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]
        let timestampInfo: [UInt8] = [0x06, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04]
        let imprint = der(0x30, der(0x30, sha256) + der(0x04, Array(SHA256.hash(data: Self.sums))))
        let info = der(
            0x30, [0x02, 1, 1] + [0x06, 1, 0x2a] + imprint + [0x02, 1, 7] + der(0x18, Array(time.utf8)))
        let content = der(0x30, timestampInfo + der(0xa0, der(0x04, info)))
        let token = der(0x30, signedData + der(0xa0, der(0x30, [0x02, 1, 3] + der(0x31, []) + content)))
        return der(0x30, der(0x30, [0x02, 1, 0]) + token)
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
}
