import Crypto
import Digests
import Evidence
import EvidenceSchemas
import FoundationEssentials
import PlainText

/// The files of a bundle. Each is read for its digest, and whatever is read of it again has the same one: somebody may
/// write to the folder meanwhile.
struct BundleFiles: Sendable {
    let folder: BundleFolder
    /// Everything below the folder that isn't a folder, sorted.
    let present: [String]
    /// `SHA256SUMS`, as everything here is compared with.
    let checksums: [UInt8]
    let sums: Checksums
    private(set) var digests: [String: String] = [:]
    /// In bytes.
    private(set) var sizes: [String: Int] = [:]
    private var unread: [String] = []

    /// The names that a bundle's files can have.
    private static let known: Set<String> = [
        BundlePath.report, BundlePath.keys, BundlePath.summary, BundlePath.assessmentResults, BundlePath.policy,
        BundlePath.exceptions, BundlePath.controls, BundlePath.recording, BundlePath.manifest, BundlePath.checksums,
        BundlePath.assessmentPlan, BundlePath.systemSecurityPlan, BundlePath.profile, BundlePath.indexCatalog,
        BundlePath.verifyPage, BundlePath.signature, BundlePath.timestamp,
    ]
    /// What stands in a bundle's folder itself.
    static let topLevel = Set(known.compactMap { $0.split(separator: "/").first.map(String.init) })
    /// Those that not every bundle has.
    private static let optional: Set<String> = [
        BundlePath.exceptions, BundlePath.indexCatalog, BundlePath.signature, BundlePath.timestamp,
    ]
    /// Those that the checksums can't have.
    private static let unsummed: Set<String> = [BundlePath.checksums, BundlePath.signature, BundlePath.timestamp]

    init(_ folder: BundleFolder) throws(BundleError) {
        self.folder = folder
        try folder.checkIsBundle()
        present = try folder.files()
        checksums = try folder.read(BundlePath.checksums)
        sums = Checksums(parsing: String(decoding: checksums, as: UTF8.self))
        for path in present where Self.known.contains(path) {
            do throws(BundleError) {
                let bytes = try folder.read(path)
                digests[path] = SHA256.hexadecimal(of: bytes)
                sizes[path] = bytes.count
            } catch {
                unread.append(error.reason)
            }
        }
    }

    func has(_ path: String) -> Bool { digests[path] != nil }

    /// A file's bytes, of which ``digests`` has the digest.
    func read(_ path: String) throws(BundleError) -> [UInt8] {
        if path == BundlePath.checksums { return checksums }
        let bytes = try folder.read(path)
        guard digests[path] == SHA256.hexadecimal(of: bytes) else {
            throw .unreadable(path: folder.path, reason: "\(path) was changed while it was looked at")
        }
        return bytes
    }

    /// Whether there is everything that belongs to a bundle, and nothing else.
    var setCheck: VerificationCheck {
        var flaws: [String] = []
        var strays: [String] = []
        for path in present {
            if !folder.isPlainFile(path) {
                flaws.append("\(path) isn't a plain file")
            } else if !Self.known.contains(path) {
                let stray = Self.leftBy(path)
                flaws.append("\(path) doesn't belong to a bundle\(stray.map { ": \($0) leaves such files" } ?? "")")
                if stray != nil, let quoted = "\(folder.path)/\(path)".shellQuoted { strays.append(quoted) }
            } else if !Self.unsummed.contains(path), sums.digests[path] == nil {
                flaws.append("\(path) isn't in SHA256SUMS")
            }
        }
        if !strays.isEmpty {
            flaws.append("to remove what file managers left: rm -- \(strays.joined(separator: " "))")
        }
        let missing = Self.known.subtracting(Self.optional).union(sums.digests.keys).subtracting(present)
        flaws += missing.sorted().map { "\($0) is missing" }
        let notes = folder.emptyFolders().map { "\($0) is a folder with nothing in it" }
        return VerificationCheck(
            "files", flaws: flaws, notes: notes, else: "\(present.count) files, and no others")
    }

    /// Which program leaves files of this name behind, without being asked; nil where none is known to.
    private static func leftBy(_ path: String) -> String? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return switch name {
        case ".DS_Store": "the Finder of macOS"
        case "Thumbs.db", "desktop.ini": "the Explorer of Windows"
        case _ where name.hasPrefix("._"): "macOS"
        default: nil
        }
    }

    /// Whether each file is what the checksums have.
    var checksumCheck: VerificationCheck {
        let altered = present.filter { path in sums.digests[path].map { digests[path] ?? $0 != $0 } ?? false }
        return VerificationCheck(
            "checksums", flaws: sums.flaws + altered.map { "\($0) isn't what SHA256SUMS has" } + unread,
            else: "\(sums.digests.count) files are what SHA256SUMS has")
    }
}

extension BundleFiles {
    /// The JSON files that have a schema of ours. The recording is read line by line elsewhere, more strictly than its
    /// schema asks; OSCAL's own is NIST's.
    private static let schemas: [(path: String, schema: EvidenceSchema)] = [
        (BundlePath.manifest, .manifest), (BundlePath.report, .report), (BundlePath.policy, .policy),
        (BundlePath.exceptions, .exceptions), (BundlePath.controls, .controls),
    ]

    /// Whether each is as its schema has it.
    var schemaCheck: VerificationCheck {
        var flaws: [String] = []
        let looked = Self.schemas.filter { has($0.path) }
        for (path, schema) in looked {
            do {
                flaws += try JSONSchema(schema).flaws(in: try read(path)).map { "\(path): \($0)" }
            } catch {
                flaws.append("\(path): \((error as? BundleError)?.reason ?? "\(error)")")
            }
        }
        return VerificationCheck("schemas", flaws: flaws, else: "\(looked.count) files are as their schemas have it")
    }
}
