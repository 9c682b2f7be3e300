package import FoundationEssentials

/// `inactive-key-removed`: a key that is switched off can be switched on again by whoever may change keys.
///
/// AWS doesn't say since when a key isn't Active. It was made, and used, before: so it can't have been for longer than
/// since the later of the two.
package struct InactiveKeyRemoved: ControlTest {
    package let grace: Int

    package var id: ControlTestID { .inactiveKeyRemoved }
    package var title: String { "Access keys that aren't Active are deleted" }
    package var question: String {
        "Is no Inactive or Expired key left, beyond the time that it takes to be sure of it?"
    }
    package var facts: Set<FactKind> { [.keyStatus, .lastUse] }

    package var parameters: [TestParameter] { [TestParameter(name: "inactive_grace", days: grace)] }

    package init(grace: Int) {
        self.grace = grace
    }

    package func evaluate(_ subject: ControlSubject, at asOf: Date) -> Verdict? {
        guard case .accessKey(let key) = subject else { return nil }
        switch key.status {
        case .active: return nil
        case .unknown: return .unknownStatus(of: key)
        case .inactive, .expired: break
        }
        // Without a grace the last use doesn't matter.
        if grace > 0, let failure = key.lastUse.failure {
            return Verdict(.undetermined, Reason(.lastUse, observed: .unread(failure)))
        }
        let days = wholeDays(from: key.inactiveSinceAtEarliest, to: asOf)
        return Verdict(
            days >= grace ? .notSatisfied : .satisfied,
            Reason(.inactiveAtMost, limit: grace, observed: .days(days), source: key.listed))
    }
}

extension AccessKey {
    /// The earliest instant at which a key that isn't Active can have become so: it was made, and perhaps used, before.
    var inactiveSinceAtEarliest: Date {
        max(lastUsed ?? created, created)
    }
}
