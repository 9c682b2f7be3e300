package import FoundationEssentials

/// `single-active-key`: two keys are for changing from one to the other, and not for keeping.
///
/// AWS doesn't say since when a key is Active: the two can't have been for longer than since the younger was made.
package struct SingleActiveKey: ControlTest {
    package let overlap: Int

    package let id = ControlTestID.singleActiveKey
    package let title = "Users have one Active access key"
    package let question = "Has every user with several Active keys had them no longer than a rotation takes?"
    package let facts: Set<FactKind> = [.keyStatus]

    package var parameters: [TestParameter] { [TestParameter(name: "rotation_overlap", days: overlap)] }

    package init(overlap: Int) {
        self.overlap = overlap
    }

    package func evaluate(_ subject: ControlSubject, at asOf: Date) -> Verdict? {
        guard case .user(let user) = subject, case .listed(let keys) = user.keys, keys.count > 1 else { return nil }
        var active: [AccessKey] = []
        var unknown: [AccessKey] = []
        for key in keys {
            switch key.status {
            case .active: active.append(key)
            case .unknown: unknown.append(key)
            case .inactive, .expired: break
            }
        }
        if active.count < 2 {
            // A key whose status nobody understands may be Active.
            return active.count + unknown.count < 2 ? nil : unknown.first.map(Verdict.unknownStatus)
        }
        // From when on there were two: since the second was made.
        active.sort { ($0.created, $0.label) < ($1.created, $1.label) }
        let second = active[1]
        let days = second.ageDays(at: asOf)
        return Verdict(
            days >= overlap ? .notSatisfied : .satisfied,
            Reason(rule: "overlap-days", limit: overlap, observed: .days(days), source: second.listed))
    }
}
