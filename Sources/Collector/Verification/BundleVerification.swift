import Crypto
import Digests
import Evidence
import FoundationEssentials
import Recording

/// What became of checking a bundle, one check after the other.
package struct BundleVerification: Sendable {
    package struct Options: Sendable {
        /// Whether the whole collection is done again from the recorded answers, too.
        package var recomputes = false
        /// Who may have signed; nil where anybody may, and nobody need have.
        package var allowedSigners: AllowedSigners?

        package init(recomputes: Bool = false, allowedSigners: AllowedSigners? = nil) {
            self.recomputes = recomputes
            self.allowedSigners = allowedSigners
        }
    }

    package private(set) var checks: [VerificationCheck] = []
    /// Whether there is a bundle, even a damaged one, and it may be looked at.
    package private(set) var isBundle = true
    /// What the manifest says that it is; nil where that can't be read.
    package private(set) var run: ChainRun?

    /// Whether everything that was looked at is as it should, and everything could be.
    package var isSound: Bool { checks.allSatisfy(\.isSound) }

    /// Looks at everything in a bundle's folder. Whatever is wrong there is a failed check, and never an error.
    package init(folder path: String, _ options: Options = Options()) async {
        let files: BundleFiles
        do throws(BundleError) { files = try BundleFiles(BundleFolder(path: path)) } catch {
            checks = [VerificationCheck("files", .failed([error.reason]))]
            if case .missing = error { isBundle = false }
            return
        }
        let manifest = (try? files.read(.manifest)).flatMap { try? ManifestReading($0) }
        let seal = SealChecks(
            folder: files.folder, checksums: files.checksums, manifest: manifest, allowed: options.allowedSigners)
        run = manifest.map { manifest in
            ChainRun(
                path: path, digest: SHA256.hexadecimal(of: files.checksums), manifest: manifest,
                signature: seal.finding)
        }
        checks = [files.setCheck, files.checksumCheck, seal.signature]
        if let timestamp = seal.timestamp { checks.append(timestamp) }
        checks.append(files.schemaCheck)

        let reading: BundleReading
        do { reading = try BundleReading(files) } catch {
            checks.append(VerificationCheck("content", .failed([(error as? BundleError)?.reason ?? "\(error)"])))
            return
        }
        await look(into: reading, files, options)
    }

    private mutating func look(into reading: BundleReading, _ files: BundleFiles, _ options: Options) async {
        let assessment = reading.assessment
        let link = reading.manifest.link
        let isOwnVersion = reading.report.toolVersion == KeyWitnessTool.version
        var flaws = isOwnVersion ? reading.criteria.borrowedNames : []
        if (link.sequence == 1) != (link.previous == nil) {
            flaws.append("manifest.json: run \(link.sequence) names \(link.previous?.run ?? "no run") before it")
        }
        let otherName = files.folder.otherName(than: reading.manifest).map {
            "it lies in \($0), and is run \(reading.manifest.run) of account \(reading.manifest.account)"
        }
        checks.append(
            VerificationCheck(
                "content", flaws: flaws, notes: otherName.map { [$0] } ?? [],
                else: Self.content(assessment, reading.manifest)))
        var recording: RecordedExchanges?
        do {
            let bytes = try files.read(.recording)
            let found = try RecordedExchanges(parsing: bytes)
            let recorded = RecordingChecks(recording: found, bytes: bytes, report: reading.report)
            checks += [recorded.recordingCheck, recorded.referenceCheck]
            recording = found
        } catch {
            let reason = (error as? BundleError)?.reason ?? "\(error)"
            checks.append(VerificationCheck("recording", .failed(["\(BundleMember.recording): \(reason)"])))
        }
        checks += Self.crossChecks(files, reading, recording, shown: assessment.shown)
        guard isOwnVersion else {
            let why =
                "made by version \(reading.report.toolVersion), and this is \(KeyWitnessTool.version), which may write documents otherwise"
            checks.append(VerificationCheck("documents", .notDone(why)))
            return
        }
        let documents = DocumentChecks(files: files, reading: reading)
        checks.append(documents.documentCheck(assessment))
        if options.recomputes, let recording {
            checks.append(await documents.recomputation(from: recording))
        }
    }

    /// What a bundle is about and what it came to, which whoever reads on has to know first.
    private static func content(_ assessment: Assessment, _ manifest: ManifestReading) -> String {
        let parts = [
            "account \(assessment.snapshot.account.id) as of \(assessment.asOf.iso8601)",
            "collected \(manifest.ended.iso8601)",
            assessment.isComplete ? "complete" : "INCOMPLETE (\(assessment.gaps.joined(separator: ", ")))",
            "\(counted(assessment.users.count, "user")) with \(counted(assessment.keys.count, "key"))",
            "\(assessment.overallStatus.rawValue) by policy \(assessment.policy.name)",
        ]
        return parts.joined(separator: ", ")
    }

    /// What the documents say of one another and of themselves, whatever version made them.
    private static func crossChecks(
        _ files: BundleFiles, _ reading: BundleReading, _ recording: RecordedExchanges?, shown: Crosswalk
    ) -> [VerificationCheck] {
        let references = OSCALReferences(files, reading.criteria.crosswalk)
        var flaws = references.flaws
        var conclusions: OSCALConclusions?
        do {
            let found = try OSCALConclusions(try files.read(.assessmentResults), shown: shown)
            flaws += found.flaws
            conclusions = found
        } catch {
            flaws.append("\(BundleMember.assessmentResults): \((error as? BundleError)?.reason ?? "\(error)")")
        }
        let counts = CountCheck(files, reading.report, oscal: conclusions, recording: recording)
        return [
            VerificationCheck(
                "oscal", flaws: flaws,
                else:
                    "\(references.count) references lead to what they name, \(conclusions?.count ?? 0) findings say what "
                    + "their observations say"),
            VerificationCheck(
                "counts", flaws: counts.flaws, notes: counts.notes,
                else: "report, table, OSCAL and recorded lists have the same users and keys at the same levels"),
        ]
    }
}
