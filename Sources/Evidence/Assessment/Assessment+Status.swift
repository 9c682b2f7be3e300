/// What is said of the account, a control or a framework.
package enum ComplianceStatus: String, Sendable {
    case compliant = "COMPLIANT"
    case partiallyCompliant = "PARTIALLY_COMPLIANT"
    case nonCompliant = "NON_COMPLIANT"
    case undetermined = "UNDETERMINED"
}

extension Assessment {
    /// Any CRITICAL key, or a key of the root user, is non-compliant whatever else could be read, and whether or not the
    /// policy has the test; anything short of that is undetermined while something is missing, or nobody knows of the root
    /// user's keys. Exceptions change no level and so nothing here.
    package var overallStatus: ComplianceStatus {
        let summary = summary
        if summary.count(.critical) > 0 || rootHasKeys == true { return .nonCompliant }
        guard isComplete, rootHasKeys != nil else { return .undetermined }
        if summary.count(.high) > 0 { return .partiallyCompliant }
        // Exactly, and not by the rate, which is rounded.
        return summary.count(.compliant) * 10 >= summary.keys * 9 ? .compliant : .partiallyCompliant
    }

    /// Whether the root user has access keys: what the test concludes, or would where the policy doesn't have it; nil where
    /// nobody knows.
    package var rootHasKeys: Bool? {
        guard tests.contains(where: { $0.id == .rootKey }) else {
            return asOfGap == nil ? RootFacts(snapshot).hasKeys : nil
        }
        switch conclusion(of: .rootKey) {
        case .notSatisfied: return true
        case .satisfied: return false
        case .undetermined: return nil
        }
    }

    /// Whether the root user has access keys that no exception answers for.
    package var hasOpenRootKeys: Bool {
        tests.contains { $0.id == .rootKey } ? hasOpenFailures(of: .rootKey) : rootHasKeys == true
    }

    /// What the tests that speak to a control conclude together: not compliant where something failed that no exception
    /// answers for, or is beyond a limit that the framework itself sets; partially where exceptions answer for all that
    /// failed. A control that no test speaks to, or whose framework isn't shown, is undetermined, and so is one that a
    /// test decides which the source of the facts leaves out.
    package func status(ofControl control: String, of framework: String) -> ComplianceStatus {
        status(
            of: tests.map(\.id).filter { shown.speaks($0, toControl: control, of: framework) },
            isWithinLimits: subjectsBeyondLimits(ofControl: control, of: framework) == 0,
            isTested: isTested(control, of: framework, by: shown))
    }

    /// These have no limits of their own, and are told also where their frameworks aren't shown.
    package func status(of control: StandardControl) -> ComplianceStatus {
        status(
            of: tests.map(\.id).filter { crosswalk.speaks($0, toControl: control.id, of: control.framework) },
            isWithinLimits: true, isTested: isTested(control.id, of: control.framework, by: crosswalk))
    }

    /// Whether every test of the policy that decides a part of a control could be made the way this account was read.
    private func isTested(_ control: String, of framework: String, by crosswalk: Crosswalk) -> Bool {
        !testsNotRun.contains { crosswalk.decides($0.test, partOfControl: control, of: framework) }
    }

    private func status(of speaking: [ControlTestID], isWithinLimits: Bool, isTested: Bool) -> ComplianceStatus {
        guard !speaking.isEmpty else { return .undetermined }
        if !isWithinLimits || speaking.contains(where: hasOpenFailures(of:)) { return .nonCompliant }
        // The root user is known without the lists.
        let isOpen = speaking.contains {
            tally(of: $0).undetermined > 0 || $0.scope != .rootUser && !populationIsKnown
        }
        if isOpen || !isTested { return .undetermined }
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
        // Who is beyond one limit of a test is beyond each stricter one.
        let strictest = Dictionary(grouping: limits(of: control, of: framework), by: \.test).values
        return strictest.reduce(0) { $0 + ($1.map(subjectsBeyond).max() ?? 0) }
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
