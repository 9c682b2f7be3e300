import AWSClient
import Evidence
import FoundationEssentials
import Recording

/// Whether the documents and the recorded answers speak of the same users and keys.
struct CountCheck {
    private(set) var flaws: [String] = []
    private let report: ReportReading

    /// - Parameters:
    ///   - oscal: nil where the assessment results can't be read.
    ///   - recording: nil where it can't be read.
    init(_ files: BundleFiles, _ report: ReportReading, oscal: OSCALConclusions?, recording: RecordedExchanges?) {
        self.report = report
        let keys = report.conclusions.values.map { $0.first ?? "" }
        let levels = Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +)
        let summary = report.summary.compactMapValues { Int(exactly: $0) }
        compare("its summary", keys: summary["total_keys"], of: keys.count)
        let users = report.snapshot.users.count
        if summary["total_users"] != users {
            flaws.append("report.json: its summary has \(summary["total_users"] ?? 0) users, and it lists \(users)")
        }
        for (level, name) in Self.summaryNames where summary[name] != levels[level] ?? 0 {
            flaws.append(
                "report.json: its summary has \(summary[name] ?? 0) \(level) keys, and it lists \(levels[level] ?? 0)")
        }
        let table = Self.levels(inTable: files)
        compareLevels(BundlePath.keys, table, with: levels)
        if let oscal {
            compareLevels(BundlePath.assessmentResults, oscal.levels, with: levels)
            compare("the inventory of \(BundlePath.assessmentResults)", keys: oscal.inventoryItems, of: keys.count)
        }
        if let recording { compare(with: recording) }
    }

    private static let summaryNames = [
        ("CRITICAL", "critical_keys"), ("HIGH", "high_risk_keys"), ("MEDIUM", "medium_risk_keys"),
        ("LOW", "low_risk_keys"), ("COMPLIANT", "compliant_keys"),
    ]

    private mutating func compare(_ place: String, keys: Int?, of expected: Int) {
        if keys != expected { flaws.append("\(place) has \(keys ?? 0) keys, and report.json lists \(expected)") }
    }

    private mutating func compareLevels(_ path: String, _ found: [String: Int], with levels: [String: Int]) {
        for level in Set(found.keys).union(levels.keys).sorted() where found[level] != levels[level] {
            flaws.append("\(path) has \(found[level] ?? 0) \(level) keys, and report.json \(levels[level] ?? 0)")
        }
    }

    // MARK: Documents

    /// The levels in `keys.csv`. Cells may hold line breaks.
    private static func levels(inTable files: BundleFiles) -> [String: Int] {
        guard let bytes = try? files.folder.read(BundlePath.keys) else { return [:] }
        var levels: [String: Int] = [:]
        var header: [String] = []
        var row: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        func endOfCell() {
            row.append(String(decoding: cell, as: UTF8.self))
            cell.removeAll(keepingCapacity: true)
        }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted: endOfCell()
            case UInt8(ascii: "\n") where !isQuoted:
                endOfCell()
                if header.isEmpty {
                    header = row
                } else if let place = header.firstIndex(of: "risk_level") {
                    levels[place < row.count ? row[place] : "none", default: 0] += 1
                }
                row.removeAll(keepingCapacity: true)
            case UInt8(ascii: "\r") where !isQuoted: break
            default: cell.append(byte)
            }
        }
        return levels
    }

    // MARK: Recorded answers

    private mutating func compare(with recording: RecordedExchanges) {
        var users: Set<String> = []
        var keys: Set<String> = []
        var haveUsers = false
        var haveKeys = false
        for exchange in recording.exchanges {
            guard let response = exchange.response, (200..<300).contains(response.status) else { continue }
            let answer = HTTPResponse(status: response.status, body: response.body)
            switch exchange.operation {
            case ListUsers.name:
                haveUsers = true
                users.formUnion(((try? ListUsers.output(of: answer))?.users ?? []).map(\.userName))
            case ListAccessKeys.name:
                haveKeys = true
                keys.formUnion(((try? ListAccessKeys.output(of: answer))?.items ?? []).map(\.accessKeyID))
            default: break
            }
        }
        let snapshot = report.snapshot
        // What was deleted or renamed meanwhile was listed; of what could not be read there is no telling.
        let gone = Set(snapshot.notes.map(\.subject))
        let isWhole =
            snapshot.failures.isEmpty
            && !snapshot.notes.contains { $0.kind == .userVanished || $0.kind == .userRenamed }
        // From the credential report, lists are asked for what needs confirmation only.
        if haveUsers, snapshot.source != .report {
            let listed = snapshot.users.filter { $0.listed.operation == .listUsers }
            compare("user", Set(listed.map(\.name)), users, gone, isWhole: isWhole)
        }
        if haveKeys {
            let reported = Set(snapshot.users.flatMap { $0.keys.known.compactMap(\.id) })
            compare("key", reported, keys, gone, isWhole: isWhole)
        }
    }

    private mutating func compare(
        _ noun: String, _ reported: Set<String>, _ answered: Set<String>, _ gone: Set<String>, isWhole: Bool
    ) {
        for name in reported.subtracting(answered).sorted() {
            flaws.append("\(noun) \(name.prefix(100)) is in report.json, and in no recorded list")
        }
        guard isWhole else { return }
        for name in answered.subtracting(reported).subtracting(gone).sorted() {
            flaws.append("\(noun) \(name.prefix(100)) is in a recorded list, and not in report.json")
        }
    }
}
