import Crypto
import Digests
import Evidence
import FoundationEssentials
import PlainText
import SystemPackage

/// The runs in an account's folder, as the next one continues them.
struct RunChain: Sendable {
    struct Run: Sendable, Equatable {
        /// The name of its folder.
        var name: String
        var sequence: Int
        /// The digest of its `SHA256SUMS`.
        var digest: String
    }

    /// In the order of their sequence numbers.
    let runs: [Run]
    /// The names of folders that should be runs and can't be read as such, sorted.
    let unreadable: [String]

    /// Reads the manifest of every run in the folder.
    ///
    /// - Throws: ``BundleError`` where the folder can't be listed.
    init(in folder: AccountFolder, of account: String) throws(BundleError) {
        let path = folder.path.string
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw .unwritable(path: path, reason: error.plainReason)
        }
        var runs: [Run] = []
        var unreadable: [String] = []
        for name in names.sorted() where Self.isRunName(name) {
            do {
                let bundle = BundleFolder(path: folder.bundle(of: name).string)
                let manifest = try ManifestReading(try bundle.read(.manifest))
                // No run can follow the last number.
                guard manifest.account == account, manifest.link.sequence < ManifestReading.largestSequence else {
                    unreadable.append(name)
                    continue
                }
                runs.append(
                    Run(
                        name: name, sequence: manifest.link.sequence,
                        digest: SHA256.hexadecimal(of: try bundle.read(.checksums))))
            } catch {
                unreadable.append(name)
            }
        }
        self.runs = runs.sorted { ($0.sequence, $0.name) < ($1.sequence, $1.name) }
        self.unreadable = unreadable
    }

    /// What the next run says of those before it.
    var next: ChainLink {
        guard let last = runs.last else {
            return ChainLink(sequence: 1, previous: nil, unreadableRuns: unreadable)
        }
        return ChainLink(
            sequence: last.sequence + 1, previous: ChainLink.PreviousRun(run: last.name, sha256: last.digest),
            unreadableRuns: unreadable)
    }

    /// `20261122T204500Z`
    static func isRunName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return bytes.count == 16 && bytes[8] == UInt8(ascii: "T") && bytes[15] == UInt8(ascii: "Z")
            && (bytes[..<8] + bytes[9..<15]).allSatisfy(\.isASCIIDigit)
    }
}
