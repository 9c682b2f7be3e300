/// The counts of an assessment.
package struct Summary: Sendable, Equatable {
    package var users = 0
    package var usersWithKeys = 0
    package var keys = 0
    package var byLevel: [RiskLevel: Int] = [:]
    package var undetermined = 0
    package var neverUsed = 0
    package var inactive = 0
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

    package init(_ conclusion: Conclusion) {
        switch conclusion {
        case .satisfied: self = .compliant
        case .notSatisfied: self = .nonCompliant
        case .undetermined: self = .undetermined
        }
    }
}

extension Assessment {
    package var summary: Summary {
        var summary = Summary()
        summary.users = snapshot.users.count
        summary.usersWithKeys = snapshot.users.count { !$0.keys.known.isEmpty }
        summary.keys = keys.count
        for key in keys {
            switch key.classification {
            case .level(let level, _): summary.byLevel[level, default: 0] += 1
            case .undetermined: summary.undetermined += 1
            }
            if key.isNeverUsed { summary.neverUsed += 1 }
            if key.key.status == .inactive || key.key.status == .expired { summary.inactive += 1 }
        }
        if snapshot.populationIsKnown {
            let rate = keys.isEmpty ? 100 : Double(summary.count(.compliant)) / Double(keys.count) * 100
            summary.complianceRate = (rate * 100).rounded() / 100
        }
        return summary
    }

    /// Any CRITICAL key is non-compliant whatever else could be read; anything short of that is undetermined while
    /// something is missing.
    package var overallStatus: ComplianceStatus {
        let summary = summary
        if summary.count(.critical) > 0 { return .nonCompliant }
        guard isComplete else { return .undetermined }
        if summary.count(.high) > 0 { return .partiallyCompliant }
        return (summary.complianceRate ?? 0) >= 90 ? .compliant : .partiallyCompliant
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
