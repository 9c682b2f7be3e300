/// The counts of an assessment.
package struct Summary: Sendable, Equatable {
    package var users = 0
    package var usersWithKeys = 0
    package var keys = 0
    package var byLevel: [RiskLevel: Int] = [:]
    package var undetermined = 0
    package var neverUsed = 0
    package var inactive = 0
    /// Keys that failed something, where exceptions answer for all of it.
    package var excused = 0
    /// Failures, over all subjects, that an exception in force answers for.
    package var exceptedFailures = 0
    /// Keys with dates that can't be right.
    package var doubtfulKeys = 0
    /// COMPLIANT keys of all keys in per cent, two decimals; nil where not every key is known, or a key's level isn't: what
    /// nobody knows hasn't failed.
    package var complianceRate: Double?

    package func count(_ level: RiskLevel) -> Int { byLevel[level] ?? 0 }
}

extension Summary {
    init(_ assessment: Assessment) {
        let snapshot = assessment.snapshot
        let all = assessment.keys
        users = snapshot.users.count
        usersWithKeys = snapshot.users.count { !$0.keys.known.isEmpty }
        keys = all.count
        for key in all {
            if let level = key.level { byLevel[level, default: 0] += 1 } else { undetermined += 1 }
            if key.isExcused { excused += 1 }
            if key.isNeverUsed { neverUsed += 1 }
            if key.isOff { inactive += 1 }
        }
        exceptedFailures = assessment.tests.reduce(0) { $0 + assessment.tally(of: $1.id).excepted }
        doubtfulKeys = assessment.doubtfulKeys
        if assessment.populationIsKnown, undetermined == 0 {
            let rate = keys == 0 ? 100 : Double(count(.compliant)) / Double(keys) * 100
            complianceRate = (rate * 100).rounded() / 100
        }
    }
}

extension Double {
    /// `66.67`; for numbers that aren't negative.
    var twoDecimals: String {
        let hundredths = Int((self * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
