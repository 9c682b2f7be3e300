package import CanonicalJSON

/// A document of a bundle that can be written.
package struct BundleDocument {
    package var path: String
    package var mediaType: String
    /// What it is, in a few words.
    package var role: String
    /// Writes the document from front to back.
    package var write: (inout OutputBuffer) -> Void
}

/// All documents of a bundle, from an assessment and the recording that it rests on.
package enum BundleDocuments {
    /// Hands out what the assessment comes to, one document after the other. Later ones name earlier ones by size and
    /// digest.
    ///
    /// - Parameters:
    ///   - recording: `raw/exchanges.jsonl` as it stands on disk.
    ///   - store: writes a document and describes the file that came of it.
    /// - Returns: those files, and the recording.
    package static func write(
        _ assessment: Assessment, _ packaging: Packaging, recording: BundleFile,
        store: (BundleDocument) throws -> BundleFile
    ) rethrows -> [BundleFile] {
        let policy = assessment.policy
        let exceptions = assessment.exceptions
        let crosswalk = assessment.crosswalk
        var tables = [
            BundleDocument(path: BundlePath.policy, mediaType: "application/json", role: "Policy") {
                $0.append(policy.file)
            },
            BundleDocument(
                path: BundlePath.controls, mediaType: "application/json",
                role: "Crosswalk from control tests to controls"
            ) {
                $0.append(CanonicalJSON.document(crosswalk))
            },
            json(
                BundlePath.report, "application/json", "Report", linedLevels: 3,
                Report(assessment, asOfSource: packaging.asOfSource)),
            BundleDocument(path: BundlePath.keys, mediaType: "text/csv", role: "Keys, one row each") {
                KeysCSV.write(assessment, to: &$0)
            },
            BundleDocument(path: BundlePath.summary, mediaType: "text/csv", role: "Summary, one row") {
                SummaryCSV.write(assessment, to: &$0)
            },
        ]
        if !exceptions.isEmpty {
            tables.append(
                BundleDocument(path: BundlePath.exceptions, mediaType: "application/json", role: "Exceptions") {
                    $0.append(exceptions.file)
                })
        }
        tables += package(OSCALBuilder(assessment, packaging.oscalVersion))
        tables.append(
            BundleDocument(path: BundlePath.verifyPage, mediaType: "text/markdown", role: "How to check the bundle") {
                VerifyPage.write(assessment, packaging, to: &$0)
            })
        var files = [recording]
        for table in tables { files.append(try store(table)) }
        // Observations, findings and the like have a line each.
        files.append(
            try store(
                json(
                    BundlePath.assessmentResults, "application/oscal+json", "OSCAL assessment results", linedLevels: 5,
                    OSCALBuilder(assessment, packaging.oscalVersion, files: files).assessmentResults())))
        return files
    }

    /// Hands out the manifest, which names all other documents and the run before this one, and the checksums of
    /// everything, which are what a signature is over.
    ///
    /// - Parameter files: what ``write(_:_:recording:store:)`` returned.
    /// - Returns: the checksums.
    package static func seal(
        _ assessment: Assessment, _ packaging: Packaging, _ link: ChainLink, files: [BundleFile],
        store: (BundleDocument) throws -> BundleFile
    ) rethrows -> String {
        var files = files
        files.append(
            try store(
                json(
                    BundlePath.manifest, "application/json", "Manifest", linedLevels: 3,
                    Manifest(assessment, packaging, link, files: files))))
        let checksums = files.sorted { $0.path < $1.path }.map { "\($0.sha256)  \($0.path)\n" }.joined()
        _ = try store(
            BundleDocument(path: BundlePath.checksums, mediaType: "text/plain", role: "Checksums") {
                $0.append(checksums)
            })
        return checksums
    }

    /// What the assessment results stand on.
    private static func package(_ builder: OSCALBuilder) -> [BundleDocument] {
        func oscal(_ path: String, _ role: String, _ value: some JSONWritable) -> BundleDocument {
            json(path, "application/oscal+json", role, linedLevels: 6, value)
        }
        return [
            oscal(BundlePath.assessmentPlan, "OSCAL assessment plan", builder.assessmentPlan()),
            oscal(BundlePath.systemSecurityPlan, "OSCAL system security plan, a stub", builder.systemSecurityPlan()),
            oscal(BundlePath.profile, "OSCAL profile", builder.profile()),
        ]
            + (builder.indexCatalog().map {
                [oscal(BundlePath.indexCatalog, "OSCAL catalog of control identifiers", $0)]
            } ?? [])
    }

    private static func json(
        _ path: String, _ mediaType: String, _ role: String, linedLevels: Int, _ value: some JSONWritable
    ) -> BundleDocument {
        BundleDocument(path: path, mediaType: mediaType, role: role) {
            CanonicalJSON.write(value, linedLevels: linedLevels, to: &$0)
        }
    }
}
