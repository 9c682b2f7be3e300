import Foundation
import MockIAM
import Testing

/// `keywitness collect` where the machine gives little.
@Suite struct ResourceCommandTests {
    /// Scans users whose calls take a while, with what a shell's `ulimit` leaves.
    private func collect(
        users: Int, under limit: String, latency: Duration = .milliseconds(20),
        _ check: (_ result: Program.Result, _ server: MockIAM.Server, _ output: URL) async throws -> Void
    ) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appending(path: "out")
        let account = MockIAM.Account.generated(users: users, keys: 1, seed: 7, profile: .typical, clock: .now)
        let slow = MockIAM.FaultPlan.Rule(latency: MockIAM.FaultPlan.Latency(fixed: latency))
        let options = MockIAM.Options(authentication: .off, faults: MockIAM.FaultPlan(rules: [slow]))
        try await MockIAM.run(account: account, options: options) { server in
            let program = Program.folder.appending(path: "keywitness").path
            let result = try await Program(path: "/bin/sh").run(
                [
                    "-c", "\(limit) && exec \"$@\"", "sh", program, "collect", "--source", "live", "--quiet",
                    "--endpoint-url", server.endpointURL, "--output-dir", output.path,
                ],
                environment: ["HOME": folder.path, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"])
            try await check(result, server, output)
        }
    }

    @Test(arguments: ["ulimit -S -n 48", "ulimit -n 48"])
    func `few open files are no reason to lose a scan`(limit: String) async throws {
        try await collect(users: 300, under: limit) { result, _, output in
            #expect(result.status == 3, "\(result.errors)")
            let files = try FileManager.default.subpathsOfDirectory(atPath: output.path)
            let report = try #require(files.first { $0.hasSuffix("/report.json") })
            let text = String(decoding: try Data(contentsOf: output.appending(path: report)), as: UTF8.self)
            #expect(text.contains("\"complete\": true"))
        }
    }

    @Test func `once the recording can't be written, nothing more is asked`() async throws {
        // In blocks of 512 bytes.
        try await collect(users: 1000, under: "ulimit -f 200", latency: .zero) { result, server, output in
            #expect(result.status == 1)
            #expect(result.errors.contains("error: can't write the bundle to "), "\(result.errors)")
            // Of some 3,000 calls.
            #expect(server.journal.served < 500)
            let left = try FileManager.default.subpathsOfDirectory(atPath: output.path)
            #expect(left.allSatisfy { $0 == "111122223333" || $0.hasSuffix("/.lock") }, "\(left)")
        }
    }
}
