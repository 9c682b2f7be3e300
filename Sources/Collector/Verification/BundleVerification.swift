import Evidence
import FoundationEssentials
import Recording

/// What became of checking a bundle, one check after the other.
package struct BundleVerification: Sendable {
    package struct Check: Sendable, Equatable {
        package enum Result: Sendable, Equatable {
            /// What was found to be as it should.
            case passed(String)
            /// What isn't, one sentence each.
            case failed([String])
            /// Why it could not be looked at.
            case notDone(String)
        }

        package var name: String
        package var result: Result
    }

    package let checks: [Check]

    /// Whether everything that was looked at is as it should, and everything could be.
    package var isSound: Bool {
        checks.allSatisfy { if case .passed = $0.result { true } else { false } }
    }

    /// Looks at everything in a bundle's folder. Whatever is wrong there is a failed check, and never an error.
    ///
    /// - Parameter recomputing: whether the whole collection is done again from the recorded answers, too.
    package init(folder: String, recomputing: Bool = false) async {
        let folder = BundleFolder(path: folder)
        var checks: [Check] = []
        func note(_ name: String, _ result: Check.Result) { checks.append(Check(name: name, result: result)) }
        func note(_ name: String, flaws: [String], else passed: String) {
            note(name, flaws.isEmpty ? .passed(passed) : .failed(flaws))
        }

        let present: [String]
        let sums: Checksums
        do throws(BundleError) {
            present = try folder.files()
            sums = Checksums(parsing: String(decoding: try folder.read(BundlePath.checksums), as: UTF8.self))
        } catch {
            self.checks = [Check(name: "files", result: .failed([error.reason]))]
            return
        }
        note(
            "files", flaws: Self.flaws(of: present, in: folder, sums), else: "\(present.count) files, and nothing else")
        let (digests, sizes, altered) = Self.digests(of: present, in: folder, sums)
        note("checksums", flaws: sums.flaws + altered, else: "\(sums.digests.count) files are what SHA256SUMS has")

        let reading: BundleReading
        do { reading = try BundleReading(folder: folder.path) } catch {
            let reason = (error as? BundleError)?.reason ?? "\(error)"
            note("content", .failed([reason]))
            self.checks = checks
            return
        }
        let assessment = reading.assessment
        note(
            "content",
            .passed("\(assessment.users.count) users, \(assessment.keys.count) keys, policy \(assessment.policy.name)"))
        let recording = Self.checkRecording(of: reading, in: folder, note)
        if reading.report.toolVersion != KeyWitnessTool.version {
            note(
                "documents",
                .notDone(
                    "made by version \(reading.report.toolVersion), and this is \(KeyWitnessTool.version), which may write "
                        + "documents otherwise"))
        } else {
            let documents = { (assessment: Assessment, basis: String) in
                Self.flawsOfDocuments(assessment, reading, on: basis, in: folder, digests, sizes)
            }
            note(
                "documents", flaws: documents(assessment, "facts and policy"),
                else: "judged again from facts and policy, every document byte for byte the same")
            if recomputing, let recording {
                note("recomputed", await Self.recompute(reading, recording, documents))
            }
        }
        self.checks = checks
    }

    // MARK: Files

    /// The names that a bundle's files can have.
    private static let known: Set<String> = [
        BundlePath.report, BundlePath.keys, BundlePath.summary, BundlePath.assessmentResults, BundlePath.policy,
        BundlePath.exceptions, BundlePath.controls, BundlePath.recording, BundlePath.manifest, BundlePath.checksums,
        BundlePath.assessmentPlan, BundlePath.systemSecurityPlan, BundlePath.profile, BundlePath.indexCatalog,
        BundlePath.verifyPage,
    ]
    /// Those that not every bundle has.
    private static let optional: Set<String> = [BundlePath.exceptions, BundlePath.indexCatalog]

    private static func flaws(of present: [String], in folder: BundleFolder, _ sums: Checksums) -> [String] {
        var flaws: [String] = []
        for path in present {
            if !folder.isPlainFile(path) {
                flaws.append("\(path) isn't a plain file")
            } else if !known.contains(path) {
                flaws.append("\(path) doesn't belong to a bundle")
            } else if path != BundlePath.checksums, sums.digests[path] == nil {
                flaws.append("\(path) isn't in SHA256SUMS")
            }
        }
        let missing = known.subtracting(present).subtracting(optional)
        flaws += missing.union(sums.digests.keys.filter { !present.contains($0) }).sorted().map { "\($0) is missing" }
        return flaws
    }

    private static func digests(
        of present: [String], in folder: BundleFolder, _ sums: Checksums
    ) -> (digests: [String: String], sizes: [String: Int], altered: [String]) {
        var digests: [String: String] = [:]
        var sizes: [String: Int] = [:]
        var altered: [String] = []
        for path in present where known.contains(path) {
            do throws(BundleError) {
                let bytes = try folder.read(path)
                digests[path] = BundleFolder.digest(bytes)
                sizes[path] = bytes.count
                if let stated = sums.digests[path], stated != digests[path] {
                    altered.append("\(path) isn't what SHA256SUMS has")
                }
            } catch {
                altered.append(error.reason)
            }
        }
        return (digests, sizes, altered)
    }

    // MARK: The recording

    /// - Returns: the recording; nil where it can't be read.
    private static func checkRecording(
        of reading: BundleReading, in folder: BundleFolder, _ note: (String, Check.Result) -> Void
    ) -> RecordedExchanges? {
        let recording: RecordedExchanges
        do { recording = try RecordedExchanges(parsing: try folder.read(BundlePath.recording)) } catch {
            note("recording", .failed(["\(BundlePath.recording): \((error as? BundleError)?.reason ?? "\(error)")"]))
            return nil
        }
        let snapshot = reading.report.snapshot
        var flaws: [String] = []
        if recording.manifest.account != snapshot.account.id {
            flaws.append("it is of account \(recording.manifest.account ?? "unknown"), not \(snapshot.account.id)")
        }
        if recording.manifest.clock.map({ $0.iso8601 }) != reading.report.asOf.iso8601 {
            flaws.append("it was made for another instant than the report's, \(reading.report.asOf.iso8601)")
        }
        for (place, exchange) in recording.exchanges.enumerated() {
            if exchange.sequence != place + 1 {
                flaws.append("exchange \(place + 1) is numbered \(exchange.sequence)")
            }
            if let account = exchange.account, account != snapshot.account.id {
                flaws.append("exchange \(exchange.sequence) is of account \(account)")
            }
            let stated = place < recording.statedDigests.count ? recording.statedDigests[place] : nil
            if let response = exchange.response, stated != response.digest {
                flaws.append("exchange \(exchange.sequence): the answer isn't what its _sha256 says")
            }
        }
        note(
            "recording",
            flaws.isEmpty
                ? .passed("\(recording.exchanges.count) exchanges, each answer with its digest") : .failed(flaws))

        let references = snapshot.references
        let known = Dictionary(recording.exchanges.map { ($0.sequence, $0.operation) }) { first, _ in first }
        let wrong = Set(
            references.compactMap { reference -> String? in
                guard let operation = known[reference.exchange] else {
                    return "\(reference.subject): there is no exchange \(reference.exchange)"
                }
                return reference.operation == operation
                    ? nil
                    : "\(reference.subject): exchange \(reference.exchange) is \(operation), not \(reference.operation)"
            })
        note(
            "references",
            wrong.isEmpty
                ? .passed("\(references.count) facts and failures point at exchanges of their operation")
                : .failed(wrong.sorted()))
        return recording
    }

    /// Does the collection again from the recorded answers, and judges what comes of it.
    private static func recompute(
        _ reading: BundleReading, _ recording: RecordedExchanges, _ documents: (Assessment, String) -> [String]
    ) async -> Check.Result {
        if let obstacle = Reperformance.obstacle(to: reading.report.snapshot) { return .notDone(obstacle) }
        let again: Reperformance
        do { again = try await Reperformance(of: reading, recording.exchanges) } catch {
            return .failed(["the recording doesn't say whose account it is: \(error)"])
        }
        let assessment = Assessment(of: again.snapshot, by: reading.criteria, at: reading.report.asOf)
        let flaws = again.flaws + documents(assessment, "the recorded answers")
        return flaws.isEmpty
            ? .passed(
                "collected and judged again from \(recording.exchanges.count) recorded exchanges, byte for byte the same"
            )
            : .failed(flaws)
    }

    // MARK: Documents

    /// Judges the account again and writes every document again.
    private static func flawsOfDocuments(
        _ assessment: Assessment, _ reading: BundleReading, on basis: String, in folder: BundleFolder,
        _ digests: [String: String], _ sizes: [String: Int]
    ) -> [String] {
        var flaws: [String] = []
        let recording = BundleFile.recording(
            size: sizes[BundlePath.recording] ?? 0, sha256: digests[BundlePath.recording] ?? "")
        var packaging = reading.manifest.packaging
        packaging.asOfSource = reading.report.asOfSource
        let store = { (document: BundleDocument) -> BundleFile in
            let file = RewrittenFile(document)
            guard file.digest != digests[document.path] else { return file.description }
            let place = RewrittenFile.firstDifference(document, from: try? folder.read(document.path))
            flaws.append("\(document.path) isn't what \(basis) come to\(place)")
            // Later documents name this one by its digest; that they name the one that is there is no fault of theirs.
            var found = file.description
            found.size = sizes[document.path] ?? found.size
            found.sha256 = digests[document.path] ?? found.sha256
            return found
        }
        let files = BundleDocuments.write(assessment, packaging, recording: recording, store: store)
        _ = BundleDocuments.seal(assessment, packaging, reading.manifest.link, files: files, store: store)
        return flaws
    }
}
