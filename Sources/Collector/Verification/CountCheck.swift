import AWSClient
import Evidence
import FoundationEssentials
import Recording

/// Whether the documents and the recorded answers speak of the same users and keys.
struct CountCheck {
    var flaws: [String] { found.listed }
    private var found = Flaws()
    /// What could not be compared.
    private(set) var notes: [String] = []
    private let report: ReportReading

    /// - Parameters:
    ///   - oscal: nil where the assessment results can't be read.
    ///   - recording: nil where it can't be read.
    init(_ files: BundleFiles, _ report: ReportReading, oscal: OSCALConclusions?, recording: RecordedExchanges?) {
        self.report = report
        let keys = report.conclusions.values.map { $0.first ?? "" }
        let levels = Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +)
        let summary = report.summary.compactMapValues { Int(exactly: $0) }
        compare(
            "report.json: its summary", summary["total_keys"], "keys", with: "it lists \(keys.count)", keys.count)
        let users = report.snapshot.users.count
        compare("report.json: its summary", summary["total_users"], "users", with: "it lists \(users)", users)
        for (level, name) in Self.summaryNames {
            let listed = levels[level] ?? 0
            compare("report.json: its summary", summary[name], "\(level) keys", with: "it lists \(listed)", listed)
        }
        do {
            compareLevels(.keys, try KeysCSV.levels(in: try files.read(.keys)), with: levels)
        } catch {
            found.note("\(BundleMember.keys): \((error as? BundleError)?.reason ?? "\(error)")")
        }
        if let oscal {
            compareLevels(.assessmentResults, oscal.levels, with: levels)
            compare(
                "the inventory of \(BundleMember.assessmentResults)", oscal.inventoryItems, "keys",
                with: "report.json lists \(keys.count)", keys.count)
        }
        if let recording { compare(with: recording) }
    }

    private static let summaryNames = [
        ("CRITICAL", "critical_keys"), ("HIGH", "high_risk_keys"), ("MEDIUM", "medium_risk_keys"),
        ("LOW", "low_risk_keys"), ("COMPLIANT", "compliant_keys"),
    ]

    /// - Parameter counted: nil where the place doesn't say.
    private mutating func compare(
        _ place: String, _ counted: Int?, _ noun: String, with other: String, _ expected: Int
    ) {
        guard counted != expected else { return }
        found.note("\(place) \(counted.map { "has \($0) \(noun)" } ?? "doesn't say how many \(noun)"), and \(other)")
    }

    private mutating func compareLevels(_ member: BundleMember, _ its: [String: Int], with levels: [String: Int]) {
        for level in Set(its.keys).union(levels.keys).sorted() where its[level] != levels[level] {
            found.note("\(member) has \(its[level] ?? 0) \(level) keys, and report.json \(levels[level] ?? 0)")
        }
    }

    // MARK: Recorded answers

    private mutating func compare(with recording: RecordedExchanges) {
        var users: Set<String> = []
        var keys: Set<String> = []
        var haveUsers = false
        var haveKeys = false
        for exchange in recording.exchanges {
            guard let response = exchange.response, response.isSuccess else { continue }
            let answer = HTTPResponse(status: response.status, body: response.body)
            switch exchange.operation {
            case ListUsers.name:
                haveUsers = true
                users.formUnion(((try? ListUsers.output(of: answer))?.items ?? []).map(\.userName))
            case ListAccessKeys.name:
                haveKeys = true
                keys.formUnion(((try? ListAccessKeys.output(of: answer))?.items ?? []).map(\.accessKeyID))
            default: break
            }
        }
        let snapshot = report.snapshot
        // A key that was deleted meanwhile was listed. Of users who went or were renamed, and of what could not be read, there
        // is no telling.
        let deletedKeys = Set(snapshot.notes.lazy.filter { $0.kind == .keyVanished }.map(\.subject.name))
        let isWhole =
            !snapshot.failures.contains { $0.fact == .population }
            && !snapshot.notes.contains { $0.kind == .userVanished || $0.kind == .userRenamed }
        if !isWhole {
            notes.append(
                "whether a recorded list has more than the report isn't compared, as not everybody could be read, or "
                    + "somebody went or was renamed meanwhile; --recompute does")
        }
        // From the credential report, lists are asked for what needs confirmation only.
        if snapshot.source == .report {
            notes.append("the users are of the credential report, which isn't compared; --recompute does")
        } else if haveUsers {
            let listed = snapshot.users.filter { $0.listed.operation == .listUsers }
            compare("user", Set(listed.map(\.name)), users, isWhole: isWhole)
        }
        if haveKeys {
            let reported = Set(snapshot.users.flatMap { $0.keys.known.compactMap(\.id) })
            compare("key", reported, keys, but: deletedKeys, isWhole: isWhole)
        }
    }

    private mutating func compare(
        _ noun: String, _ reported: Set<String>, _ answered: Set<String>, but gone: Set<String> = [], isWhole: Bool
    ) {
        for name in reported.subtracting(answered).sorted() {
            found.note("\(noun) \(name.prefix(100)) is in report.json, and in no recorded list")
        }
        guard isWhole else { return }
        for name in answered.subtracting(reported).subtracting(gone).sorted() {
            found.note("\(noun) \(name.prefix(100)) is in a recorded list, and not in report.json")
        }
    }
}
