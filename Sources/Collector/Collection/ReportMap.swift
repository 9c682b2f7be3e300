import AWSClient
import Evidence
import FoundationEssentials

/// A credential report, looked up by user.
struct ReportMap: Sendable {
    /// How long before its GeneratedTime AWS may have looked at a user, where nobody saw the report being started.
    private static let making: TimeInterval = 5 * 60

    /// How long a change in IAM may take until all of AWS knows of it; AWS gives no number.
    ///
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html, "Changes that I make are not always
    /// immediately visible"
    private static let replication: TimeInterval = 60

    let report: CredentialReport
    let source: Provenance
    /// AWS made it for this run.
    let wasMadeDuringRun: Bool
    /// What was created since then need not be in it.
    private let began: Date
    /// Users who are in it twice; nothing it says about them counts.
    let duplicates: Set<String>
    /// Of these names those that two users have.
    let sharedNames: Set<String>
    private let byName: [String: Int]
    /// What more than one user has, keys and all: the rows of such users can be told apart by their names only, and names
    /// may have changed hands since the report was made. Empty for one that was made for the run.
    private let twins: Set<Twin>

    /// When a user and a key of it were created, to the second.
    private struct Twin: Hashable {
        var user: Double
        var key: Double
    }

    /// - Parameter started: when AWS said that it begins to make it, by AWS's clock; nil for one that was there already.
    init(_ report: CredentialReport, generated: Date, started: Date?, exchange: Int?) {
        self.report = report
        source = Provenance(.getCredentialReport, asOf: generated, exchange: exchange)
        // AWS's word "started" is worth nothing if the report is an older one all the same.
        wasMadeDuringRun = started.map { ($0 - 1...$0 + CollectionClock.longestRun).contains(generated) } ?? false
        began = wasMadeDuringRun ? (started ?? generated) - Self.replication : generated - Self.making
        var byName: [String: Int] = [:]
        byName.reserveCapacity(report.users.count)
        var duplicates: Set<String> = []
        var sharedNames: Set<String> = []
        for (index, row) in report.users.enumerated() {
            guard let first = byName.updateValue(index, forKey: row.user) else { continue }
            duplicates.insert(row.user)
            let other = report.users[first]
            if other.arn != row.arn || other.created != row.created { sharedNames.insert(row.user) }
        }
        for name in duplicates { byName[name] = nil }
        self.byName = byName
        self.duplicates = duplicates
        self.sharedNames = sharedNames
        twins = wasMadeDuringRun ? [] : Self.twins(in: report)
    }

    private static func twins(in report: CredentialReport) -> Set<Twin> {
        var seen: Set<Twin> = []
        var twins: Set<Twin> = []
        for row in report.users {
            let own = Set(row.keys.map { Twin(user: row.created.wholeSecond, key: $0.created.wholeSecond) })
            for twin in own where !seen.insert(twin).inserted { twins.insert(twin) }
        }
        return twins
    }

    /// Whether the report has another user and key that were created in the same seconds.
    func hasTwin(of user: Date, _ slot: CredentialReport.Slot) -> Bool {
        twins.contains(Twin(user: user.wholeSecond, key: slot.created.wholeSecond))
    }

    /// Whether what was created then need not be in it: what has a date beyond any run is wrong about that.
    func mayLack(whatWasCreated created: Date) -> Bool {
        (began...source.asOf + CollectionClock.longestRun).contains(created)
    }

    /// What the report says about a name, whoever bears it.
    func row(named name: String) -> CredentialReport.Row? {
        byName[name].map { report.users[$0] }
    }

    /// What the report says about a user: names come back after a deletion, so the creation date must be the same.
    func row(_ name: String, created: Date) -> CredentialReport.Row? {
        row(named: name).flatMap { $0.created.isSameSecond(as: created) ? $0 : nil }
    }

    var facts: ReportFacts {
        ReportFacts(
            users: report.users.count, keys: report.users.reduce(0) { $0 + $1.keys.count },
            wasMadeDuringRun: wasMadeDuringRun)
    }

    /// The root user's keys, as far as a report tells.
    var rootKeys: [AccessKey]? {
        report.root.map { root in root.keys.map { AccessKey(slot: $0, source: source) } }
    }

    /// When uses may have been that the report doesn't know of.
    ///
    /// AWS shows a use with a lag, and it has a clock of its own: an hour is allowed for both.
    /// - Parameter began: when the run did. What is asked must not depend on how fast the run was: done again from its
    ///   recording, it has to ask the same.
    func unknownUses(until began: Date) -> ClosedRange<Date> {
        let lag: TimeInterval = 3600
        return (source.asOf - lag)...max(source.asOf, began + CollectionClock.longestRun)
    }
}

extension AccessKey {
    /// A key as the credential report has it. "Inactive" may be "Expired", too: the report doesn't tell them apart.
    init(slot: CredentialReport.Slot, source: Provenance) {
        self.init(
            id: nil, slot: slot.number, status: slot.isActive ? .active : .inactive, created: slot.created,
            lastUse: .read(LastUse(slot.lastUse), source), listed: source)
    }
}

extension LastUse {
    init(_ use: CredentialReport.Use?) {
        self = use.map { .used(at: $0.date, service: $0.service, region: $0.region) } ?? .never
    }
}
