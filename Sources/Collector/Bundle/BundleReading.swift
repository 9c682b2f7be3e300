import Crypto
import Digests
package import Evidence
import FoundationEssentials
import StrictYAML

/// A bundle on disk, read back as far as judging it again needs.
package struct BundleReading: Sendable {
    package let report: ReportReading
    package let manifest: ManifestReading
    package let criteria: Criteria
    /// The files among those read whose digest isn't the one in `SHA256SUMS`.
    package let altered: [String]

    /// - Throws: ``BundleError`` where the folder isn't a bundle of this version, ``YAMLError`` for what is wrong in its
    ///   policy, its exceptions or its crosswalk.
    package init(folder: String) throws {
        let folder = BundleFolder(path: folder)
        try folder.checkIsBundle()
        let sums = Checksums(parsing: String(decoding: try folder.read(.checksums), as: UTF8.self))
        try self.init(of: folder, sums, folder.read)
    }

    /// Of files that were looked at already, and are the same still.
    init(_ files: BundleFiles) throws {
        try self.init(of: files.folder, files.sums, files.read)
    }

    private init(
        of folder: BundleFolder, _ sums: Checksums, _ read: (BundleMember) throws(BundleError) -> [UInt8]
    ) throws {
        var altered: [String] = []
        func file(_ member: BundleMember) throws(BundleError) -> [UInt8] {
            let bytes = try read(member)
            if sums.digests[member.path] != SHA256.hexadecimal(of: bytes) { altered.append(member.path) }
            return bytes
        }
        func decoded<Value>(_ member: BundleMember, _ decode: ([UInt8]) throws -> Value) throws -> Value {
            do { return try decode(try file(member)) } catch let error as DecodingError {
                throw BundleError.unreadable(path: folder.path, reason: "\(member): \(error.plainReason)")
            }
        }
        report = try decoded(.report, ReportReading.init)
        manifest = try decoded(.manifest, ManifestReading.init)
        func value(_ member: BundleMember) throws -> YAMLValue {
            try YAMLValue(
                parsing: try file(member), file: "\(folder.path)/\(member)", limits: YAMLLimits(bytes: 64 << 20))
        }
        let policy = try Policy(reading: value(.policy))
        var exceptions = ExceptionList.none
        // By the report's word: without the file the failures would look as if nobody answered for them.
        if report.hasExceptions {
            exceptions = try ExceptionList(reading: value(.exceptions), terms: policy.exceptions)
        }
        criteria = Criteria(
            policy: policy, exceptions: exceptions, crosswalk: try Crosswalk(reading: value(.controls)),
            frameworks: report.frameworks)
        self.altered = altered
    }

    /// The account judged again, from the facts in the report.
    package var assessment: Assessment {
        Assessment(of: report.snapshot, by: criteria, at: report.asOf)
    }
}
