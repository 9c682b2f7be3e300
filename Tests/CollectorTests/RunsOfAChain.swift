import Crypto
import Digests
import Evidence
import Foundation
import MockIAM

@testable import Collector

/// Runs of one account, made of one bundle by writing other manifests: a chain is a matter of these and their digests.
struct RunsOfAChain {
    var folder: URL
    var paths: [String] = []

    /// Who signs a run.
    struct Signer {
        private let key = Curve25519.Signing.PrivateKey()

        private var publicKey: SSHPublicKey {
            get throws {
                var blob = SSHWireWriter()
                blob.append(text: "ssh-ed25519")
                blob.append(string: Array(key.publicKey.rawRepresentation))
                return try SSHPublicKey(blob: blob.bytes)
            }
        }

        /// The list that has this signer and nobody else.
        var allowed: AllowedSigners {
            get throws {
                AllowedSigners(
                    parsing: "evidence@example.com ssh-ed25519 \(Data(try publicKey.blob).base64EncodedString())")
            }
        }

        func sign(_ run: URL) async throws {
            let sums = Array(try Data(contentsOf: run.appending(path: "SHA256SUMS")))
            let signature = try await SSHSignature(
                of: sums, for: "keywitness-bundle-v1", by: try publicKey
            ) { bytes in
                var writer = SSHWireWriter()
                writer.append(text: "ssh-ed25519")
                writer.append(string: Array(try key.signature(for: bytes)))
                return writer.bytes
            }
            try Data(signature.armored.utf8).write(to: run.appending(path: "SHA256SUMS.sig"))
        }
    }

    /// Makes a folder of an account that exists for the length of a test.
    static func with(_ body: (inout RunsOfAChain, _ first: URL) async throws -> Void) async throws {
        try await withBundle(of: SmallAccount.account(), MockIAM.Options(authentication: .off), .live) { bundle in
            try await withTemporaryFolder { folder in
                let account = URL(filePath: folder).appending(
                    path: bundle.deletingLastPathComponent().lastPathComponent)
                try FileManager.default.createDirectory(at: account, withIntermediateDirectories: false)
                var runs = RunsOfAChain(folder: account)
                try await body(&runs, bundle)
            }
        }
    }

    /// Adds a run after the last one.
    ///
    /// - Parameters:
    ///   - day: of January 2027, when it was collected and at which it is judged; the next one without it.
    ///   - change: changes the manifest before the checksums are made.
    mutating func add(
        of bundle: URL, day: Int? = nil, collected: Int? = nil, signedBy signer: Signer? = nil,
        change: (String) -> String = { $0 }
    ) async throws {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = two(day ?? paths.count + 1)
        let collected = collected.map(two) ?? day
        let run = folder.appending(path: "202701\(day)T120000Z")
        try FileManager.default.copyItem(at: bundle, to: run)
        var previous = "null"
        if let last = paths.last.map({ URL(filePath: $0) }) {
            let digest = SHA256.hash(data: try Data(contentsOf: last.appending(path: "SHA256SUMS"))).hexadecimal
            previous = #"{"run": "\#(last.lastPathComponent)", "sha256": "\#(digest)"}"#
        }
        let file = run.appending(path: "manifest.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        let changed = change(
            text
                .replacingOccurrences(
                    of: #""as_of": ?"[^"]*""#, with: #""as_of": "2027-01-\#(day)T12:00:00Z""#,
                    options: .regularExpression
                )
                .replacingOccurrences(
                    of: #""window": ?\{[^}]*\}"#,
                    with:
                        ##""window": {"ended": "2027-01-\##(collected)T12:01:00Z", "started": "2027-01-\##(collected)T12:00:00Z"}"##,
                    options: .regularExpression
                )
                .replacingOccurrences(
                    of: #""sequence": ?1"#, with: #""sequence": \#(paths.count + 1)"#, options: .regularExpression
                )
                .replacingOccurrences(
                    of: #""previous": ?null"#, with: #""previous": \#(previous)"#, options: .regularExpression))
        try changed.write(to: file, atomically: false, encoding: .utf8)
        try BundleDamage.reseal(run)
        try await signer?.sign(run)
        paths.append(run.path)
    }

    /// What is wrong with the chain, seen from one of its runs.
    func flaws(from place: Int = 0, allowing signer: Signer? = nil) throws -> [String] {
        try checks(from: place, allowing: signer).flatMap { check in
            if case .failed(let flaws) = check.result { flaws } else { [String]() }
        }
    }

    func notes(from place: Int = 0, allowing signer: Signer? = nil) throws -> [String] {
        try checks(from: place, allowing: signer).flatMap(\.notes)
    }

    private func checks(from place: Int, allowing signer: Signer?) throws -> [VerificationCheck] {
        ChainVerification(bundles: [paths[place]], allowedSigners: try signer?.allowed).checks.map(\.check)
    }
}
