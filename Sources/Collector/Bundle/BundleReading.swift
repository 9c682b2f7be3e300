import Crypto
package import Evidence
import FoundationEssentials
import StrictYAML

/// A bundle on disk, read back as far as judging it again needs.
package struct BundleReading: Sendable {
    package let report: ReportReading
    package let criteria: Criteria
    /// The files among those read whose digest isn't the one in `SHA256SUMS`.
    package let altered: [String]

    /// No file of a bundle is larger; an account of 200,000 users stays below it.
    private static let largestFile = 2 << 30

    /// - Throws: ``BundleError`` where the folder isn't a bundle of this version, ``YAMLError`` for what is wrong in its
    ///   policy, its exceptions or its crosswalk.
    package init(folder: String) throws {
        let sums = try Self.sums(String(decoding: Self.read(BundlePath.checksums, in: folder), as: UTF8.self))
        var altered: [String] = []
        func file(_ path: String) throws(BundleError) -> Data {
            let bytes = try Self.read(path, in: folder)
            let digest = SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            if sums[path] != digest { altered.append(path) }
            return bytes
        }
        do {
            report = try ReportReading(try file(BundlePath.report))
        } catch let error as DecodingError {
            throw BundleError.unreadable(path: folder, reason: "\(BundlePath.report): \(error)")
        }
        func value(_ path: String) throws -> YAMLValue {
            try YAMLValue(parsing: try file(path), file: "\(folder)/\(path)", limits: YAMLLimits(bytes: 64 << 20))
        }
        let policy = try Policy(reading: value(BundlePath.policy))
        var exceptions = ExceptionList.none
        if sums[BundlePath.exceptions] != nil {
            exceptions = try ExceptionList(reading: value(BundlePath.exceptions), terms: policy.exceptions)
        }
        criteria = Criteria(
            policy: policy, exceptions: exceptions, crosswalk: try Crosswalk(reading: value(BundlePath.controls)),
            frameworks: report.frameworks)
        self.altered = altered
    }

    /// The account judged again, from the facts in the report.
    package var assessment: Assessment {
        Assessment(of: report.snapshot, by: criteria, at: report.asOf)
    }

    private static func read(_ path: String, in folder: String) throws(BundleError) -> Data {
        let full = "\(folder)/\(path)"
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: full)
            // A link may lead anywhere.
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw BundleError.unreadable(path: folder, reason: "\(path) isn't a plain file")
            }
            guard (attributes[.size] as? Int ?? 0) <= largestFile else {
                throw BundleError.unreadable(path: folder, reason: "\(path) is larger than any file of a bundle")
            }
            return try Data(contentsOf: URL(filePath: full))
        } catch let error as BundleError {
            throw error
        } catch {
            throw BundleError.unreadable(path: folder, reason: "there is no readable \(path)")
        }
    }

    private static func sums(_ text: String) -> [String: String] {
        var sums: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { continue }
            sums[String(parts[1].drop { $0 == " " })] = String(parts[0])
        }
        return sums
    }
}
