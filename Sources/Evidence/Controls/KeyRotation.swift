package import FoundationEssentials

/// `key-rotation`: a key that was never changed is known to everybody who ever saw it.
package struct KeyRotation: ControlTest {
    package let limit: Int

    package var id: ControlTestID { .keyRotation }
    package var title: String { "Active access keys are rotated" }
    package var question: String { "Is every Active key younger than the rotation limit?" }
    package var facts: Set<FactKind> { [.keyStatus] }

    package var parameters: [TestParameter] { [TestParameter(name: "key_age", days: limit)] }

    package init(limit: Int) {
        self.limit = limit
    }

    package func evaluate(_ subject: ControlSubject, at asOf: Date) -> Verdict? {
        guard case .accessKey(let key) = subject else { return nil }
        switch key.status {
        case .inactive, .expired: return nil
        case .unknown: return .unknownStatus(of: key)
        case .active: break
        }
        let age = key.ageDays(at: asOf)
        return Verdict(
            age >= limit ? .notSatisfied : .satisfied,
            Reason(.age, limit: limit, observed: .days(age), source: key.listed))
    }
}
