/// The counts of an assessment.
package struct Summary: Sendable, Equatable {
    package var users = 0
    package var usersWithKeys = 0
    package var keys = 0
    package var byLevel: [RiskLevel: Int] = [:]
    package var undetermined = 0
    package var neverUsed = 0
    package var inactive = 0
    /// Keys of which something failed, and exceptions answer for all of it.
    package var excused = 0
    /// Failures, over all subjects, that an exception in force answers for.
    package var exceptedFailures = 0
    /// Keys with dates that can't be right.
    package var doubtfulKeys = 0
    /// COMPLIANT keys of all keys in per cent, two decimals; nil where not every key is known.
    package var complianceRate: Double?

    package func count(_ level: RiskLevel) -> Int { byLevel[level] ?? 0 }
}

/// What is said of the account, a control or a framework.
package enum ComplianceStatus: String, Sendable {
    case compliant = "COMPLIANT"
    case partiallyCompliant = "PARTIALLY_COMPLIANT"
    case nonCompliant = "NON_COMPLIANT"
    case undetermined = "UNDETERMINED"

}

extension Assessment {
    /// What the tests that speak to a control conclude together: not compliant where something failed that no exception
    /// answers for, partially where exceptions answer for all that failed. A control that no test speaks to is
    /// undetermined.
    package func status(ofControl control: String) -> ComplianceStatus {
        status(of: tests.map(\.id).filter { crosswalk.speaks($0, toControl: control) })
    }

    func status(of speaking: [ControlTestID]) -> ComplianceStatus {
        guard !speaking.isEmpty else { return .undetermined }
        if speaking.contains(where: hasOpenFailures(of:)) { return .nonCompliant }
        // The root user is known without the lists.
        let isOpen = speaking.contains {
            tally(of: $0).undetermined > 0 || $0.scope != .rootUser && !populationIsKnown
        }
        if isOpen { return .undetermined }
        return speaking.contains { tally(of: $0).excepted > 0 } ? .partiallyCompliant : .compliant
    }
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
        if assessment.populationIsKnown {
            let rate = keys == 0 ? 100 : Double(count(.compliant)) / Double(keys) * 100
            complianceRate = (rate * 100).rounded() / 100
        }
    }
}

extension Assessment {
    /// Any CRITICAL key, or a key of the root user, is non-compliant whatever else could be read; anything short of that
    /// is undetermined while something is missing. Exceptions change no level and so nothing here.
    package var overallStatus: ComplianceStatus {
        let summary = summary
        if summary.count(.critical) > 0 || conclusion(of: .rootKey) == .notSatisfied { return .nonCompliant }
        guard isComplete else { return .undetermined }
        if summary.count(.high) > 0 { return .partiallyCompliant }
        // Exactly, and not by the rate, which is rounded.
        return summary.count(.compliant) * 10 >= summary.keys * 9 ? .compliant : .partiallyCompliant
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
