package import CanonicalJSON

/// A document of a bundle that can be written.
package struct BundleDocument {
    package var member: BundleMember
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
            BundleDocument(member: .policy) { $0.append(policy.file) },
            BundleDocument(member: .controls) { $0.append(CanonicalJSON.document(crosswalk)) },
            json(.report, linedLevels: 3, Report(assessment, asOfSource: packaging.asOfSource)),
            BundleDocument(member: .keys) { KeysCSV.write(assessment, to: &$0) },
            BundleDocument(member: .summary) { SummaryCSV.write(assessment, to: &$0) },
        ]
        if !exceptions.isEmpty {
            tables.append(BundleDocument(member: .exceptions) { $0.append(exceptions.file) })
        }
        tables += package(OSCALBuilder(assessment, packaging.oscalVersion))
        tables.append(BundleDocument(member: .verifyPage) { VerifyPage.write(assessment, packaging, to: &$0) })
        var files = [recording]
        for table in tables { files.append(try store(table)) }
        // Observations, findings and the like have a line each.
        let results = OSCALBuilder(assessment, packaging.oscalVersion, files: files).assessmentResults()
        files.append(try store(json(.assessmentResults, linedLevels: 5, results)))
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
        let manifest = Manifest(assessment, packaging, link, files: files)
        files.append(try store(json(.manifest, linedLevels: 3, manifest)))
        let checksums = files.sorted { $0.path < $1.path }.map { "\($0.sha256)  \($0.path)\n" }.joined()
        _ = try store(BundleDocument(member: .checksums) { $0.append(checksums) })
        return checksums
    }

    /// What the assessment results stand on.
    private static func package(_ builder: OSCALBuilder) -> [BundleDocument] {
        func oscal(_ member: BundleMember, _ value: some JSONWritable) -> BundleDocument {
            json(member, linedLevels: 6, value)
        }
        return [
            oscal(.assessmentPlan, builder.assessmentPlan()),
            oscal(.systemSecurityPlan, builder.systemSecurityPlan()),
            oscal(.profile, builder.profile()),
        ] + (builder.indexCatalog().map { [oscal(.indexCatalog, $0)] } ?? [])
    }

    private static func json(_ member: BundleMember, linedLevels: Int, _ value: some JSONWritable) -> BundleDocument {
        BundleDocument(member: member) { CanonicalJSON.write(value, linedLevels: linedLevels, to: &$0) }
    }
}
