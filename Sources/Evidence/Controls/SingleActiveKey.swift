package import FoundationEssentials

/// `single-active-key`: two keys are for changing from one to the other, and not for keeping.
///
/// AWS doesn't say since when a key is Active: the two can't have been for longer than since the younger was made.
package struct SingleActiveKey: ControlTest {
    package let overlap: Int

    package var id: ControlTestID { .singleActiveKey }
    package var title: String { "Users have one Active access key" }
    package var question: String { "Has every user with several Active keys had them no longer than a rotation takes?" }
    package var facts: Set<FactKind> { [.keyStatus] }

    package var parameters: [TestParameter] { [TestParameter(name: "rotation_overlap", days: overlap)] }

    package init(overlap: Int) {
        self.overlap = overlap
    }

    package func evaluate(_ subject: ControlSubject, at asOf: Date) -> Verdict? {
        guard case .user(let user) = subject, let keys = user.keys.value, keys.count > 1 else { return nil }
        let active = user.activeKeys
        guard let second = active.second else {
            // A key whose status nobody understands may be Active.
            let unknown = keys.lazy.filter { if case .unknown = $0.status { true } else { false } }
            return active.count + unknown.count < 2 ? nil : unknown.first.map(Verdict.unknownStatus)
        }
        // From when on there were two: since the second was made.
        let days = second.ageDays(at: asOf)
        return Verdict(
            days >= overlap ? .notSatisfied : .satisfied,
            Reason(.overlap, limit: overlap, observed: .days(days), source: second.listed))
    }
}

extension IAMUser {
    /// How many of its keys are Active, and the one of them that was made second.
    var activeKeys: (count: Int, second: AccessKey?) {
        var (count, oldest, second): (Int, AccessKey?, AccessKey?) = (0, nil, nil)
        for key in keys.known where key.status == .active {
            count += 1
            if key.isOlder(than: oldest) {
                (oldest, second) = (key, oldest)
            } else if key.isOlder(than: second) {
                second = key
            }
        }
        return (count, second)
    }
}

extension AccessKey {
    fileprivate func isOlder(than other: AccessKey?) -> Bool {
        guard let other else { return true }
        return created == other.created ? label < other.label : created < other.created
    }
}
