import CanonicalJSON
@testable import Collector
@testable import Evidence
import EvidenceSchemas
import FoundationEssentials
import StrictYAML

/// Reads bytes as a file of a bundle that somebody handed in: the first line names the file, and what follows is in it.
///
/// What can be read of a report is judged and written, and the report that comes of it must come to the same bytes again.
/// What a manifest and a crosswalk say is the same when it is written and read again.
enum FuzzedBundles {
    static func `try`(_ input: [UInt8]) throws {
        let line = input.prefix { $0 != 0x0A }
        let member = BundleMember(rawValue: String(decoding: line, as: UTF8.self))
        let bytes = Array(input.dropFirst(line.count + 1))
        switch member {
        case .report: try report(bytes)
        case .manifest: try manifest(bytes)
        case .controls: try crosswalk(bytes)
        case .keys: try keys(bytes)
        case .checksums: try checksums(bytes)
        case .assessmentResults: try assessmentResults(bytes)
        default: return
        }
    }

    // MARK: The report

    private static func report(_ bytes: [UInt8]) throws {
        try SchemaCheck.check(bytes, .report, isOwn: false)
        guard let reading = try decoded({ try ReportReading(bytes) }) else { return }
        let assessment = try assessed(reading)
        let once = try written(assessment, reading.asOfSource)
        let again: ReportReading
        do { again = try ReportReading(once[.report] ?? []) } catch {
            throw FuzzFinding("a report that can't be read again: \(error)")
        }
        // The first report may give instants with a fraction of a second, which none is written with.
        let twice = try written(try assessed(again), again.asOfSource)
        let last = try ReportReading(twice[.report] ?? [])
        let thrice = try written(try assessed(last), last.asOfSource)
        for (member, bytes) in twice where thrice[member] != bytes {
            throw FuzzFinding(
                "\(member) is another one when the report was read again: \(String(decoding: bytes, as: UTF8.self))")
        }
        for user in assessment.snapshot.users {
            let text = Explanation(of: user.name, in: assessment, style: TerminalStyle(color: false))?.text ?? ""
            guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\n" })
            else { throw FuzzFinding("control characters in an explanation") }
        }
    }

    private static func assessed(_ reading: ReportReading) throws -> Assessment {
        let criteria = Criteria(policy: Policy(), crosswalk: try builtIn.get(), frameworks: reading.frameworks)
        return Assessment(of: reading.snapshot, by: criteria, at: reading.asOf)
    }

    private static let builtIn = Result { try Crosswalk.builtIn() }

    /// The documents that depend on the facts.
    private static func written(_ assessment: Assessment, _ source: AsOfSource) throws -> [BundleMember: [UInt8]] {
        var documents: [BundleMember: [UInt8]] = [:]
        let recording = BundleFile(.recording, size: 0, sha256: "")
        _ = BundleDocuments.write(assessment, Packaging(asOfSource: source), recording: recording) { document in
            var output = OutputBuffer()
            document.write(&output)
            documents[document.member] = Array(output.bytes)
            return BundleFile(document.member, size: output.bytes.count, sha256: "")
        }
        _ = try OSCALConclusions(
            documents[.assessmentResults] ?? [], shown: assessment.shown)
        return documents
    }

    // MARK: Others

    private static func manifest(_ bytes: [UInt8]) throws {
        try SchemaCheck.check(bytes, .manifest, isOwn: false)
        guard let reading = try decoded({ try ManifestReading(bytes) }) else { return }
        var text: [UInt8] = []
        _ = BundleDocuments.seal(try nobody(), reading.packaging, reading.link, files: []) { document in
            var output = OutputBuffer()
            document.write(&output)
            if document.member == .manifest { text = Array(output.bytes) }
            return BundleFile(document.member, size: 0, sha256: "")
        }
        let again: ManifestReading
        do { again = try ManifestReading(text) } catch {
            throw FuzzFinding("a manifest that can't be read again: \(error): \(String(decoding: text, as: UTF8.self))")
        }
        guard again.packaging == reading.packaging, again.link == reading.link else {
            throw FuzzFinding("a manifest is another one when read again: \(String(decoding: text, as: UTF8.self))")
        }
    }

    /// What became of an account without users.
    private static func nobody() throws -> Assessment {
        let instant = Date(timeIntervalSince1970: 1_795_380_300)
        let snapshot = AccountSnapshot(
            account: AccountIdentity(id: "111122223333", partition: "aws", callerARN: ""), region: "us-east-1",
            profile: nil, window: CollectionWindow(started: instant, ended: instant), users: [],
            userListing: .complete(pages: 1), failures: [],
            traffic: Traffic(requests: [:], retries: 0, errors: [:], throttles: 0, clockSkew: nil))
        return Assessment(of: snapshot, by: Criteria(policy: Policy(), crosswalk: try builtIn.get()), at: instant)
    }

    private static func crosswalk(_ bytes: [UInt8]) throws {
        try SchemaCheck.check(bytes, .controls, isOwn: false)
        guard let value = try? YAMLValue(parsing: bytes, file: "fuzzed"), let read = try? Crosswalk(reading: value)
        else { return }
        let text = CanonicalJSON.document(read)
        let again: Crosswalk
        do { again = try Crosswalk(reading: try YAMLValue(parsing: text, file: "written")) } catch {
            throw FuzzFinding(
                "a crosswalk that can't be read again: \(error): \(String(decoding: text, as: UTF8.self))")
        }
        guard again == read else {
            throw FuzzFinding("a crosswalk is another one when read again: \(String(decoding: text, as: UTF8.self))")
        }
        try SchemaCheck.check(text, .controls, isOwn: true)
    }

    private static func keys(_ bytes: [UInt8]) throws {
        let levels: [String: Int]
        do throws(KeysCSV.ReadingError) { levels = try KeysCSV.levels(in: bytes) } catch {
            guard !error.description.isEmpty else { throw FuzzFinding("an error without words") }
            return
        }
        let rows = levels.values.reduce(0, +)
        guard rows < bytes.count(where: { $0 == 0x0A }) else { throw FuzzFinding("\(rows) keys in fewer lines") }
    }

    private static func checksums(_ bytes: [UInt8]) throws {
        let sums = Checksums(parsing: String(decoding: bytes, as: UTF8.self))
        guard sums.flaws.isEmpty, String(validating: bytes, as: UTF8.self) != nil else { return }
        // Without a flaw there is one way to write them.
        let written = sums.digests.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }.joined()
        guard written.utf8.elementsEqual(bytes) else { throw FuzzFinding("checksums that are written otherwise") }
    }

    private static func assessmentResults(_ bytes: [UInt8]) throws {
        do {
            let found = try OSCALConclusions(bytes, shown: try builtIn.get())
            guard found.count >= 0, found.flaws.allSatisfy({ !$0.isEmpty }) else {
                throw FuzzFinding("a flaw without words")
            }
        } catch let error as JSONReadingError {
            guard !error.description.isEmpty else { throw FuzzFinding("an error without words") }
        }
        try references(bytes)
    }

    /// They are looked up in files on disk.
    private static func references(_ bytes: [UInt8]) throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "fuzzed-\(UUID().uuidString)")
        defer { try? files.removeItem(at: folder) }
        try files.createDirectory(at: folder.appending(path: "oscal"), withIntermediateDirectories: true)
        try Data().write(to: folder.appending(path: BundleMember.checksums.path))
        try Data(bytes).write(to: folder.appending(path: BundleMember.assessmentResults.path))
        let found = OSCALReferences(try BundleFiles(BundleFolder(path: folder.path)), try builtIn.get())
        guard found.count >= 0, found.flaws.allSatisfy({ !$0.isEmpty }) else {
            throw FuzzFinding("a flaw without words")
        }
    }

    // MARK: Errors

    /// - Returns: nil where what was read is refused as it should be.
    private static func decoded<Value>(_ read: () throws -> Value) throws -> Value? {
        do { return try read() } catch let error as DecodingError {
            guard !error.plainReason.isEmpty else { throw FuzzFinding("an error without words") }
            return nil
        }
    }
}
