import CanonicalJSON

/// All documents of a bundle, from an assessment and the recording that it rests on.
package struct BundleDocuments {
    /// In the order in which they are to be written; the checksums come last.
    package let documents: [BundleDocument]

    /// - Parameter recording: `raw/exchanges.jsonl` as it stands on disk.
    package init(_ assessment: Assessment, asOfSource: AsOfSource, recording: BundleFile) {
        let report = BundleDocument(
            path: BundlePath.report, mediaType: "application/json", role: "Report",
            bytes: CanonicalJSON.document(Report(assessment, asOfSource: asOfSource)))
        let keys = BundleDocument(
            path: BundlePath.keys, mediaType: "text/csv", role: "Keys, one row each", bytes: KeysCSV.bytes(assessment))
        let summary = BundleDocument(
            path: BundlePath.summary, mediaType: "text/csv", role: "Summary, one row",
            bytes: SummaryCSV.bytes(assessment))
        let referred = [recording, report.file, keys.file, summary.file]
        let results = BundleDocument(
            path: BundlePath.assessmentResults, mediaType: "application/oscal+json", role: "OSCAL assessment results",
            bytes: CanonicalJSON.document(OSCALBuilder(assessment, files: referred).assessmentResults()))
        let manifest = BundleDocument(
            path: BundlePath.manifest, mediaType: "application/json", role: "Manifest",
            bytes: CanonicalJSON.document(
                Manifest(assessment, asOfSource: asOfSource, files: referred + [results.file])))
        let summed = referred + [results.file, manifest.file]
        let checksums = summed.sorted { $0.path < $1.path }.map { "\($0.sha256)  \($0.path)\n" }.joined()
        documents = [
            report, keys, summary, results, manifest,
            BundleDocument(
                path: BundlePath.checksums, mediaType: "text/plain", role: "Checksums", bytes: Array(checksums.utf8)),
        ]
    }
}
