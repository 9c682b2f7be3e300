import Crypto
import Foundation
import MockIAM
import Testing

@testable import keywitness

/// `keywitness verify`, as its user meets it.
@Suite struct VerifyCommandTests {
    private let keywitness = Program(name: "keywitness")

    /// Collects an account without findings, and hands over the bundle's folder.
    private func withBundle(_ body: (URL) async throws -> Void) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try await MockIAM.run(fixture: fixture("clean-account")) { server in
            try await keywitness.run(
                [
                    "collect", "--endpoint-url", server.endpointURL, "--as-of", "2026-11-22T20:45:00Z", "--quiet",
                    "--format", "path", "--output-dir", folder.path,
                ],
                environment: [
                    "HOME": folder.path, "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
                    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                ])
        }
        try #require(result.status == 0, "\(result.errors)")
        try await body(URL(filePath: result.output.trimmingCharacters(in: .newlines)))
    }

    private func verify(_ arguments: [String]) async throws -> Program.Result {
        try await keywitness.run(["verify"] + arguments)
    }

    @Test func `of many flaws the first are named, and how many there are besides`() async throws {
        try await withBundle { bundle in
            for number in 0..<25 { try Data().write(to: bundle.appending(path: "stray-\(number)")) }
            let result = try await verify([bundle.path])
            #expect(result.status == 5)
            #expect(result.output.split(separator: "\n").count { $0.contains("doesn't belong to a bundle") } == 20)
            #expect(result.output.contains("\n                        and 5 more\n"), "\(result.output)")
            #expect(result.output.hasSuffix("  NOT sound: don't rely on this bundle.\n"))
            // Of a bundle that isn't sound nobody need know what else can be looked at.
            #expect(!result.output.contains("Not done: "))
        }
    }

    @Test func `what could not be checked is said, also when quiet`() async throws {
        try await withBundle { bundle in
            let report = bundle.appending(path: "report.json")
            let text = try String(contentsOf: report, encoding: .utf8)
            try text.replacing(/"tool_version": ?"[^"]*"/, with: #""tool_version": "9.9.9""#)
                .write(to: report, atomically: false, encoding: .utf8)
            for options in [[], ["--quiet"]] {
                let result = try await verify(options + [bundle.path])
                #expect(result.status == 5)
                #expect(result.output.contains("  documents   not done  made by version 9.9.9"), "\(result.output)")
            }
        }
    }

    @Test func `a broken chain is said to be, also when quiet`() async throws {
        try await withBundle { bundle in
            let manifest = bundle.appending(path: "manifest.json")
            try String(contentsOf: manifest, encoding: .utf8)
                .replacing(/"unreadable_runs": ?\[\]/, with: #""unreadable_runs": ["20260101T000000Z"]"#)
                .write(to: manifest, atomically: false, encoding: .utf8)
            let result = try await verify(["--chain", "--quiet", bundle.path])
            #expect(result.status == 5)
            #expect(result.output.contains("20260101T000000Z could not be read"), "\(result.output)")
            #expect(result.output.hasSuffix("  The chain is BROKEN.\n"))
            #expect(!result.output.contains("AS OF"))
        }
    }

    @Test func `a line of allowed signers that can't be used is a warning`() async throws {
        try await withBundle { bundle in
            let list = bundle.deletingLastPathComponent().appending(path: "allowed_signers")
            let point = Curve25519.Signing.PrivateKey().publicKey.rawRepresentation
            let key = Data([0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 32] + Array(point))
            try "a@example.com ssh-ed25519 nonsense\nb@example.com ssh-ed25519 \(key.base64EncodedString())\n"
                .write(to: list, atomically: true, encoding: .utf8)
            let result = try await verify(["--allowed-signers", list.path, bundle.path])
            #expect(result.status == 5)
            #expect(result.errors.hasPrefix("warning: \(list.path), line 1"), "\(result.errors)")
        }
    }

    @Test func `where there is no bundle nothing was verified`() async throws {
        let result = try await verify(["/nonexistent"])
        #expect(result.status == 5)
        #expect(result.output.hasSuffix("  Nothing was verified.\n") && !result.output.contains("NOT sound"))
    }

    @Test func `what is noted and isn't wrong is told, but not when quiet`() async throws {
        try await withBundle { bundle in
            let note = "which is no endpoint of AWS's that all can reach"
            let (told, quiet) = (try await verify([bundle.path]), try await verify(["--quiet", bundle.path]))
            #expect(told.output.contains(note) && quiet.output.isEmpty)
        }
    }

    @Test(arguments: [
        (0, "0 h 0 min"), (3599, "0 h 59 min"), (86_399, "23 h 59 min"), (86_400, "1 d 0 h"), (93_600, "1 d 2 h"),
    ])
    func `a gap is in hours and minutes, and from a day on in days and hours`(seconds: Double, words: String) {
        #expect(Verify.words(for: seconds) == words)
    }
}
