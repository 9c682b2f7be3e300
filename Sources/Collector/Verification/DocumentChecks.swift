import Evidence
import FoundationEssentials
import Recording

/// The documents of a bundle, compared with what its facts, or its recorded answers, come to.
struct DocumentChecks {
    let files: BundleFiles
    let reading: BundleReading

    /// Judges by the report's facts, and writes every document again.
    func documentCheck(_ assessment: Assessment) -> VerificationCheck {
        VerificationCheck(
            "documents", flaws: flaws(of: assessment, on: "facts and policy"),
            else: "judged again from facts and policy, every document byte for byte the same")
    }

    /// Does the collection again from the recorded answers, and judges what comes of it.
    func recomputation(from recording: RecordedExchanges) async -> VerificationCheck {
        VerificationCheck("recomputed", await recompute(recording))
    }

    private func recompute(_ recording: RecordedExchanges) async -> VerificationCheck.Result {
        let again: Reperformance
        do { again = try await Reperformance(of: reading, recording.exchanges) } catch {
            return .failed(["the recording doesn't say whose account it is: \(error)"])
        }
        let assessment = Assessment(of: again.snapshot, by: reading.criteria, at: reading.report.asOf)
        let flaws = again.flaws + flaws(of: assessment, on: "the recorded answers")
        return flaws.isEmpty
            ? .passed(
                "collected and judged again from \(recording.exchanges.count) recorded exchanges, byte for byte the same"
            )
            : .failed(flaws)
    }

    private func flaws(of assessment: Assessment, on basis: String) -> [String] {
        var flaws: [String] = []
        // One that was changed alone is the checksums' affair, and no fault of the documents that name it.
        let stated = reading.manifest.files[BundleMember.recording.path].flatMap { file in
            file.sha256 == files.sums.digests[BundleMember.recording.path] ? file : nil
        }
        let found = files.digests[.recording] ?? ""
        let isWhole = stated == nil || stated?.sha256 == found
        let recording = BundleFile(
            .recording, size: isWhole ? files.sizes[.recording] ?? 0 : stated?.size ?? 0,
            sha256: stated?.sha256 ?? found)
        var packaging = reading.manifest.packaging
        packaging.asOfSource = reading.report.asOfSource
        let store = { (document: BundleDocument) -> BundleFile in
            let file = RewrittenFile(document)
            guard file.digest != files.digests[document.member] else { return file.description }
            let place = RewrittenFile.firstDifference(document, from: try? files.read(document.member))
            flaws.append("\(document.member) isn't what \(basis) come to\(place)")
            // Later documents name this one by its digest: that of the one that should be there, or of the one that is, where
            // the checksums say so. Neither is a fault of theirs.
            guard files.sums.digests[document.member.path] != file.digest else { return file.description }
            var found = file.description
            found.size = files.sizes[document.member] ?? found.size
            found.sha256 = files.digests[document.member] ?? found.sha256
            return found
        }
        let written = BundleDocuments.write(assessment, packaging, recording: recording, store: store)
        _ = BundleDocuments.seal(assessment, packaging, reading.manifest.link, files: written, store: store)
        return flaws
    }
}
