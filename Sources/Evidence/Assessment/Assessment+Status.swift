/// What is said of the account, a control or a framework.
package enum ComplianceStatus: String, Sendable {
    case compliant = "COMPLIANT"
    case partiallyCompliant = "PARTIALLY_COMPLIANT"
    case nonCompliant = "NON_COMPLIANT"
    case undetermined = "UNDETERMINED"
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

    /// What the tests that speak to a control conclude together: not compliant where something failed that no exception
    /// answers for, or is beyond a limit that the framework itself sets; partially where exceptions answer for all that
    /// failed. A control that no test speaks to, or whose framework isn't shown, is undetermined.
    package func status(ofControl control: String, of framework: String) -> ComplianceStatus {
        status(
            of: tests.map(\.id).filter { shown.speaks($0, toControl: control, of: framework) },
            isWithinLimits: subjectsBeyondLimits(ofControl: control, of: framework) == 0)
    }

    /// These have no limits of their own, and are told also where their frameworks aren't shown.
    package func status(of control: StandardControl) -> ComplianceStatus {
        status(
            of: tests.map(\.id).filter { crosswalk.speaks($0, toControl: control.id, of: control.framework) },
            isWithinLimits: true)
    }

    private func status(of speaking: [ControlTestID], isWithinLimits: Bool) -> ComplianceStatus {
        guard !speaking.isEmpty else { return .undetermined }
        if !isWithinLimits || speaking.contains(where: hasOpenFailures(of:)) { return .nonCompliant }
        // The root user is known without the lists.
        let isOpen = speaking.contains {
            tally(of: $0).undetermined > 0 || $0.scope != .rootUser && !populationIsKnown
        }
        if isOpen { return .undetermined }
        return speaking.contains { tally(of: $0).excepted > 0 } ? .partiallyCompliant : .compliant
    }

    /// Every control that is shown, in the crosswalk's order.
    var controlStatuses: [Report.ControlStatus] {
        var statuses: [Report.ControlStatus] = []
        var seen: Set<String> = []
        for entry in shown.tests {
            for mapping in entry.mappings where seen.insert("\(mapping.framework) \(mapping.control)").inserted {
                let tests = tests.map(\.id).filter {
                    shown.speaks($0, toControl: mapping.control, of: mapping.framework)
                }
                guard !tests.isEmpty else { continue }
                let (control, framework) = (mapping.control, mapping.framework)
                statuses.append(
                    Report.ControlStatus(
                        framework: framework, control: control, label: mapping.label,
                        status: status(ofControl: control, of: framework), tests: tests,
                        subjectsBeyondLimits: hasLimits(control, of: framework)
                            ? subjectsBeyondLimits(ofControl: control, of: framework) : nil))
            }
        }
        return statuses
    }

    /// The subjects that satisfied their test and are beyond the limit that the framework itself sets for it, over all
    /// tests that speak to a control.
    func subjectsBeyondLimits(ofControl control: String, of framework: String) -> Int {
        limits(of: control, of: framework).reduce(0) { $0 + subjectsBeyond($1) }
    }

    private func hasLimits(_ control: String, of framework: String) -> Bool {
        !limits(of: control, of: framework).isEmpty
    }

    private func limits(of control: String, of framework: String) -> Set<FrameworkLimits.Limit> {
        var limits: Set<FrameworkLimits.Limit> = []
        for test in tests.map(\.id) {
            for mapping in shown.mappings(of: test) where mapping.control == control && mapping.framework == framework {
                if let days = mapping.limitDays { limits.insert(FrameworkLimits.Limit(test: test, days: days)) }
            }
        }
        return limits
    }
}
