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
    private(set) var digests: [BundleMember: String] = [:]
    /// In bytes.
    private(set) var sizes: [BundleMember: Int] = [:]
    private var unread: [String] = []

    /// What stands in a bundle's folder itself.
    static let topLevel = Set(
        BundleMember.allCases.compactMap { $0.path.split(separator: "/").first.map(String.init) })

    init(_ folder: BundleFolder) throws(BundleError) {
        self.folder = folder
        try folder.checkIsBundle()
        present = try folder.files()
        checksums = try folder.read(.checksums)
        sums = Checksums(parsing: String(decoding: checksums, as: UTF8.self))
        for member in present.compactMap(BundleMember.init) {
            do throws(BundleError) {
                let bytes = try folder.read(member)
                digests[member] = SHA256.hexadecimal(of: bytes)
                sizes[member] = bytes.count
            } catch {
                unread.append(error.reason)
            }
        }
    }

    func has(_ member: BundleMember) -> Bool { digests[member] != nil }

    /// A file's bytes, of which ``digests`` has the digest.
    func read(_ member: BundleMember) throws(BundleError) -> [UInt8] {
        if member == .checksums { return checksums }
        let bytes = try folder.read(member)
        guard digests[member] == SHA256.hexadecimal(of: bytes) else {
            throw .unreadable(path: folder.path, reason: "\(member) was changed while it was looked at")
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
                continue
            }
            guard let member = BundleMember(rawValue: path) else {
                let stray = Self.leftBy(path)
                flaws.append("\(path) doesn't belong to a bundle\(stray.map { ": \($0) leaves such files" } ?? "")")
                if stray != nil, let quoted = "\(folder.path)/\(path)".shellQuoted { strays.append(quoted) }
                continue
            }
            if member.isSummed, sums.digests[path] == nil {
                flaws.append("\(path) isn't in SHA256SUMS")
            }
        }
        if !strays.isEmpty {
            flaws.append("to remove what file managers left: rm -- \(strays.joined(separator: " "))")
        }
        let expected = BundleMember.allCases.filter { !$0.isOptional }.map(\.path)
        let missing = Set(expected).union(sums.digests.keys).subtracting(present)
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
        let altered = digests.filter { member, found in sums.digests[member.path] ?? found != found }.keys
        return VerificationCheck(
            "checksums",
            flaws: sums.flaws + altered.map(\.path).sorted().map { "\($0) isn't what SHA256SUMS has" } + unread,
            else: "\(sums.digests.count) files are what SHA256SUMS has")
    }
}

extension BundleFiles {
    /// Whether each JSON file that has a schema of ours is as that has it. The recording is read line by line elsewhere,
    /// more strictly than its schema asks.
    var schemaCheck: VerificationCheck {
        var flaws: [String] = []
        let looked = BundleMember.allCases.compactMap { member in member.schema.map { (member, $0) } }
            .filter { member, _ in member != .recording && has(member) }
        for (member, schema) in looked {
            do {
                flaws += try JSONSchema(schema).flaws(in: try read(member)).map { "\(member): \($0)" }
            } catch {
                flaws.append("\(member): \((error as? BundleError)?.reason ?? "\(error)")")
            }
        }
        return VerificationCheck("schemas", flaws: flaws, else: "\(looked.count) files are as their schemas have it")
    }
}
