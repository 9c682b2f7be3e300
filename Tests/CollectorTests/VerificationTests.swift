import AWSClient
import CanonicalJSON
import Collector
import Crypto
import Evidence
import Foundation
import MockIAM
import Recording
import Testing

/// Whatever is done to a bundle is found, and named.
@Suite struct VerificationTests {
    private func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "keywitness-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    // MARK: A bundle to do something to

    /// Collects the demo account, with exceptions, and hands over the bundle's folder.
    private func withDemoBundle(
        exceptions: [ControlException] = [VerificationTests.exception], _ body: (URL) async throws -> Void
    ) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let asOf = Date(timeIntervalSince1970: 1_795_380_300)
        let bundle = try await MockIAM.run(fixture: fixturePath("demo-account")) { server in
            let endpoint = try #require(EndpointURL(server.endpointURL))
            let transport = HTTPTransport(connections: 4)
            let criteria = Criteria(
                policy: Policy(), exceptions: ExceptionList(exceptions), crosswalk: try Crosswalk.builtIn())
            let run = CollectRun(
                credentials: CredentialProvider(
                    Credentials(
                        accessKeyID: "AKIAIOSFODNN7EXAMPLE",
                        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), sessionToken: nil,
                        origin: "test")),
                endpoints: try Endpoints(region: "us-east-1", urls: [.iam: endpoint, .sts: endpoint]),
                region: "us-east-1", profile: nil, criteria: criteria, asOf: asOf, outputFolder: folder.path,
                transport: transport, now: { Date(timeIntervalSince1970: asOf.timeIntervalSince1970 + 60.25) })
            let outcome = await Result.catching { try await run.execute { _ in } }
            await transport.shutdown()
            return try outcome.get().bundle
        }
        try await body(URL(filePath: bundle))
    }

    private static let exception = ControlException(
        ticket: "SEC-1", subject: .user("ci-deploy"), tests: [.keyRotation], kind: .acceptedRisk,
        owner: "a@example.com",
        approver: "b@example.com", reason: "Agreed.", created: Date(timeIntervalSince1970: 1_795_000_000),
        expires: Date(timeIntervalSince1970: 1_799_000_000))

    // MARK: Whose fault it is

    @Test(arguments: ["keys.csv", "oscal/profile.json", "raw/exchanges.jsonl"], [true, false])
    func `a file that was changed alone is all that is wrong`(_ path: String, isRemoved: Bool) async throws {
        try await withDemoBundle { bundle in
            let file = bundle.appending(path: path)
            if isRemoved {
                try FileManager.default.removeItem(at: file)
            } else {
                // A character of a text, so that it can still be read.
                let text = try String(contentsOf: file, encoding: .utf8)
                let end = path.hasSuffix(".csv") ? "backup-agent" : "2026-"
                let changed = text.replacing(end, with: end.replacing("a", with: "e").replacing("2", with: "3"))
                #expect(changed != text)
                try changed.write(to: file, atomically: false, encoding: .utf8)
            }
            let flaws = await recomputationFlaws(bundle)
            #expect(flaws.contains { $0.contains("\(path) is") })
            for other in ["SHA256SUMS isn't", "manifest.json isn't", "assessment-results.json isn't"] {
                #expect(!flaws.contains { $0.contains("documents: \(other)") }, "\(flaws)")
            }
        }
    }

    // MARK: Sound ones

    @Test func `an untouched bundle passes every check`() async throws {
        try await withDemoBundle { bundle in
            #expect(await recomputationFlaws(bundle).isEmpty)
            let verification = await BundleVerification(folder: bundle.path, .init(recomputes: true))
            #expect(verification.isSound)
            #expect(
                verification.checks.map(\.name) == [
                    "files", "checksums", "signature", "schemas", "content", "recording", "references", "oscal",
                    "counts", "documents", "recomputed",
                ])
        }
        try await withDemoBundle(exceptions: []) { bundle in #expect(await recomputationFlaws(bundle).isEmpty) }
    }

    @Test func `a copy elsewhere passes too`() async throws {
        try await withDemoBundle { bundle in
            let copy = try temporaryFolder().appending(path: "renamed")
            defer { try? FileManager.default.removeItem(at: copy.deletingLastPathComponent()) }
            try FileManager.default.copyItem(at: bundle, to: copy)
            #expect(await recomputationFlaws(copy).isEmpty)
        }
    }

    @Test func `a link to a bundle is the bundle`() async throws {
        try await withDemoBundle { bundle in
            let link = bundle.deletingLastPathComponent().appending(path: "latest")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: bundle)
            #expect(await recomputationFlaws(link).isEmpty)
            let chain = ChainVerification(bundles: [link.path, bundle.path])
            #expect(chain.checks.map(\.check.isSound) == [true])
            // In a bundle nothing is followed.
            try FileManager.default.moveItem(
                at: bundle.appending(path: "oscal"), to: bundle.deletingLastPathComponent().appending(path: "elsewhere")
            )
            try FileManager.default.createSymbolicLink(
                at: bundle.appending(path: "oscal"),
                withDestinationURL: bundle.deletingLastPathComponent().appending(path: "elsewhere"))
            #expect(await recomputationFlaws(bundle).contains { $0.contains("oscal isn't a plain file") })
        }
    }

    /// Each takes much more memory than it has bytes.
    @Test func `findings and lines that are next to nothing aren't all looked at`() async throws {
        try await withDemoBundle { bundle in
            let results = bundle.appending(path: "oscal/assessment-results.json")
            let text = try String(contentsOf: results, encoding: .utf8)
            let many = text.replacing(
                "\"findings\": [", with: "\"findings\": [\(String(repeating: "{},", count: 200_000))")
            #expect(many != text)
            try many.write(to: results, atomically: false, encoding: .utf8)
            let flaws = await recomputationFlaws(bundle)
            #expect(flaws.contains { $0.contains("there are more findings than a document of this size can have") })
            #expect(flaws.count < 10_000)
            let file = bundle.appending(path: "raw/exchanges.jsonl")
            let recording = try Data(contentsOf: file) + Data(repeating: UInt8(ascii: "\n"), count: 1_000_000)
            let read = try RecordedExchanges(parsing: recording)
            #expect(read.exchanges.count > 10)
        }
    }

    // MARK: What is to be known, and isn't wrong

    private func check(_ name: String, of bundle: URL) async throws -> VerificationCheck {
        let checks = await BundleVerification(folder: bundle.path).checks
        return try #require(checks.first { $0.name == name })
    }

    @Test func `the content is named by account, instants, completeness, status and policy`() async throws {
        try await withDemoBundle { bundle in
            let snapshot = try BundleReading(folder: bundle.path).assessment.snapshot
            guard case .passed(let text) = try await check("content", of: bundle).result else {
                Issue.record("not passed")
                return
            }
            #expect(
                text.hasPrefix(
                    "account 111122223333 as of 2026-11-22T20:45:00Z, collected \(snapshot.window.ended.iso8601), complete, "
                        + "\(snapshot.users.count) users with "), "\(text)")
            #expect(text.hasSuffix(" keys, NON_COMPLIANT by policy default"), "\(text)")
        }
    }

    @Test func `an incomplete bundle is sound evidence, and says that it is incomplete`() async throws {
        let plan = try MockIAM.FaultPlan(
            parsing: "{faults: [{match: {action: GetAccessKeyLastUsed}, error: AccessDenied}]}")
        let account = MockIAM.Account(
            clock: .now,
            users: [
                MockIAM.User(
                    "anna", created: .now - 86_400 * 9,
                    accessKeys: [MockIAM.AccessKey("AKIAEXAMPLE000000001", created: .now - 86_400 * 8)])
            ])
        try await withBundle(of: account, MockIAM.Options(authentication: .off, faults: plan), .live) { bundle in
            guard case .passed(let text) = try await check("content", of: bundle).result else {
                Issue.record("not passed")
                return
            }
            #expect(
                text.contains(", INCOMPLETE (1 thing that counts could not be read), 1 user with 1 key, UNDETERMINED"),
                "\(text)")
        }
    }

    @Test func `who was asked instead of AWS is noted`() async throws {
        try await withDemoBundle { bundle in
            let notes = try await check("recording", of: bundle).notes
            #expect(notes.count == 1)
            #expect(notes.first?.hasPrefix("asked of http://127.0.0.1:") == true, "\(notes)")
            #expect(notes.first?.hasSuffix(", which is no endpoint of AWS's that all can reach") == true, "\(notes)")
        }
    }

    @Test func `who was asked by another name than the URL has is noted`() async throws {
        try await withDemoBundle { bundle in
            let file = bundle.appending(path: "raw/exchanges.jsonl")
            let text = try String(contentsOf: file, encoding: .utf8)
            let port = try #require(text.firstMatch(of: /127\.0\.0\.1:(\d+)/)?.1)
            try text.replacing("http://127.0.0.1:\(port)", with: "https://iam.amazonaws.com")
                .write(to: file, atomically: false, encoding: .utf8)
            try BundleDamage.reseal(bundle)
            #expect(
                try await check("recording", of: bundle).notes == [
                    "exchange 1 was asked by another name than its URL has"
                ])
        }
    }

    @Test(arguments: [CollectionSource.auto, .report])
    func `what the counts aren't compared with is noted`(source: CollectionSource) async throws {
        var account = SmallAccount.account()
        account.users[0].deleted = SmallAccount.now
        for (users, isNoted) in [(account, true), (SmallAccount.account(), source == .report)] {
            try await withBundle(of: users, MockIAM.Options(authentication: .off), source) { bundle in
                let notes = try await check("counts", of: bundle).notes
                #expect(notes.isEmpty != (isNoted && source == .report), "\(notes)")
            }
        }
        let denied = try MockIAM.FaultPlan(
            parsing: "{faults: [{match: {action: ListAccessKeys}, error: AccessDenied, when: {calls: [1]}}]}")
        try await withBundle(
            of: SmallAccount.account(), MockIAM.Options(authentication: .off, faults: denied), source
        ) { bundle in
            let notes = try await check("counts", of: bundle).notes
            #expect(notes.contains { $0.hasPrefix("whether a recorded list has more than the report isn't compared") })
            #expect(notes.count == (source == .report ? 2 : 1))
        }
    }

    @Test func `a folder that is called like another run is noted`() async throws {
        try await withDemoBundle { bundle in
            #expect(try await check("content", of: bundle).notes.isEmpty)
            let account = bundle.deletingLastPathComponent().deletingLastPathComponent().appending(path: "999988887777")
            try FileManager.default.createDirectory(at: account, withIntermediateDirectories: false)
            for (name, isNoted) in [("20261122T204500Z", true), ("20270131T000000Z", true), ("elsewhere", false)] {
                let copy = account.appending(path: name)
                try FileManager.default.copyItem(at: bundle, to: copy)
                let content = try await check("content", of: copy)
                #expect(content.isSound)
                let note = "it lies in 999988887777/\(name), and is run 20261122T204500Z of account 111122223333"
                #expect(content.notes == (isNoted ? [note] : []))
            }
        }
    }

    @Test func `folders with nothing in them are noted`() async throws {
        try await withDemoBundle { bundle in
            try FileManager.default.createDirectory(
                at: bundle.appending(path: "raw/more/still"), withIntermediateDirectories: true)
            let files = try await check("files", of: bundle)
            #expect(files.isSound)
            #expect(files.notes == ["raw/more/still is a folder with nothing in it"])
        }
    }

    @Test func `what file managers leave is a flaw that says how to remove it`() async throws {
        try await withDemoBundle { bundle in
            for name in [".DS_Store", "oscal/._ssp.json", "raw/Thumbs.db", "notes.txt"] {
                try Data("x".utf8).write(to: bundle.appending(path: name))
            }
            let files = try await check("files", of: bundle)
            let paths = [".DS_Store", "oscal/._ssp.json", "raw/Thumbs.db"].map { "\(bundle.path)/\($0)" }
            #expect(
                files.result
                    == .failed([
                        ".DS_Store doesn't belong to a bundle: the Finder of macOS leaves such files",
                        "notes.txt doesn't belong to a bundle",
                        "oscal/._ssp.json doesn't belong to a bundle: macOS leaves such files",
                        "raw/Thumbs.db doesn't belong to a bundle: the Explorer of Windows leaves such files",
                        "to remove what file managers left: rm -- \(paths.joined(separator: " "))",
                    ]))
        }
    }

    // MARK: Damage

    @Test func `every kind of damage is found and named`() async throws {
        try await expectFound(BundleDamage.damages)
    }

    @Test func `documents that contradict one another are found without writing them again`() async throws {
        try await expectFound(BundleDamage.contradictions)
    }

    private func expectFound(_ damages: [BundleDamage]) async throws {
        #expect(damages.count >= 30)
        try await withDemoBundle { bundle in
            for damage in damages {
                let copy = try temporaryFolder().appending(path: "bundle")
                defer { try? FileManager.default.removeItem(at: copy.deletingLastPathComponent()) }
                try FileManager.default.copyItem(at: bundle, to: copy)
                try damage.apply(copy)
                if damage.isResealed { try BundleDamage.reseal(copy) }
                let found = await recomputationFlaws(copy)
                #expect(
                    found.contains { $0.contains(damage.said) },
                    "\(damage.name): \(found.map { String($0.prefix(300)) })")
                #expect(await !BundleVerification(folder: copy.path).isSound, "\(damage.name)")
            }
        }
    }

    // MARK: Done once more

    /// Somebody changes a fact and lets our own code make everything else: only the recorded answers tell.
    @Test func `a fact that isn't what AWS answered is found by doing the collection again`() async throws {
        try await withDemoBundle { bundle in
            let reading = try BundleReading(folder: bundle.path)
            var snapshot = reading.report.snapshot
            let place = try #require(snapshot.users.firstIndex { $0.name == "backup-agent" })
            let source = try #require(snapshot.users[place].keys.source)
            var keys = snapshot.users[place].keys.known
            keys[0].lastUse = .read(
                .used(at: reading.report.asOf.addingTimeInterval(-3600), service: "s3", region: "us-east-1"),
                try #require(keys[0].lastUse.source))
            snapshot.users[place].keys = .read(keys, source)
            let forged = Assessment(of: snapshot, by: reading.criteria, at: reading.report.asOf)
            let recording = try Data(contentsOf: bundle.appending(path: BundleMember.recording.path))
            let store = { (document: BundleDocument) throws -> BundleFile in
                var output = OutputBuffer()
                document.write(&output)
                let bytes = Data(output.bytes)
                try bytes.write(to: bundle.appending(path: document.member.path))
                return BundleFile(document.member, size: bytes.count, sha256: Self.digest(bytes))
            }
            let packaging = reading.manifest.packaging
            let files = try BundleDocuments.write(
                forged, packaging,
                recording: BundleFile(.recording, size: recording.count, sha256: Self.digest(recording)),
                store: store)
            _ = try BundleDocuments.seal(forged, packaging, reading.manifest.link, files: files, store: store)
            #expect(await BundleVerification(folder: bundle.path).isSound)
            let found = await recomputationFlaws(bundle)
            #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("recomputed: ") }, "\(found)")
            #expect(found.contains { $0.contains("report.json isn't what the recorded answers come to") })
        }
    }

    private static func digest(_ bytes: Data) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Whatever AWS and the network did, a run can be done again from what was recorded of it.
    @Test(arguments: [
        "{throttle: {rate: 30, burst: 10}}", "{error: 500, when: {probability: 0.1}}",
        "{reset: within, when: {probability: 0.05}}",
        "{truncate: half, when: {probability: 0.05}}",
        "{match: {action: GetAccessKeyLastUsed}, error: AccessDenied, when: {probability: 0.3}}",
        "{match: {action: ListAccessKeys}, error: AccessDenied, when: {probability: 0.2}}",
        "{match: {action: GetAccountSummary}, error: AccessDenied}",
        "{match: {action: GenerateCredentialReport}, error: AccessDenied}",
        "{match: {action: ListUsers}, error: 500, when: {calls: [2]}}", "{clock_skew: 1h}",
    ])
    func `a run with faults can be done again`(fault: String) async throws {
        let plan = try MockIAM.FaultPlan(parsing: "{seed: 5, faults: [\(fault)]}")
        for (number, source) in [CollectionSource.auto, .live, .report].enumerated() {
            let account = MockIAM.Account.generated(
                users: 25, keys: 1.3, seed: UInt64(number), profile: .messy, clock: .now)
            try await withBundle(
                of: account, MockIAM.Options(pages: MockIAM.PageOptions(largest: 7), faults: plan), source
            ) { bundle in
                let found = await recomputationFlaws(bundle)
                #expect(found.isEmpty, "\(source): \(found.map { String($0.prefix(400)) })")
            }
        }
    }

    @Test func `what isn't a bundle is said not to be`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(await recomputationFlaws(folder).first?.contains("none of a bundle's files is in it") == true)
        #expect(
            await recomputationFlaws(folder.appending(path: "none")).first?.contains("there is no such folder") == true)
    }

    @Test func `a folder that has runs in it names them`() async throws {
        try await withDemoBundle { bundle in
            let account = bundle.deletingLastPathComponent()
            for folder in [account, account.deletingLastPathComponent()] {
                let verification = await BundleVerification(folder: folder.path)
                #expect(!verification.isBundle)
                let run = "\(account.path)/\(bundle.lastPathComponent)"
                #expect(
                    verification.checks.map(\.result) == [.failed(["a run is in it, \(run); name that"])])
                #expect(throws: BundleError.self) { try BundleReading(folder: folder.path) }
            }
            let file = await BundleVerification(folder: bundle.appending(path: "manifest.json").path)
            #expect(!file.isBundle)
            #expect(
                file.checks.map(\.result) == [.failed(["it is a file; name the folder that a bundle's files are in"])])
            // Whoever took its checksums away left a bundle that isn't sound.
            try FileManager.default.removeItem(at: bundle.appending(path: "SHA256SUMS"))
            let damaged = await BundleVerification(folder: bundle.path)
            #expect(damaged.isBundle && !damaged.isSound)
        }
    }
}
