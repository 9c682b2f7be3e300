package import FoundationEssentials

/// `key-rotation`: a key that was never changed is known to everybody who ever saw it.
package struct KeyRotation: ControlTest {
    package let id = "key-rotation"
    package let title = "Active access keys are rotated"
    package let question = "Is every Active key younger than the rotation limit?"

    package let facts: Set<FactKind> = [.keyStatus]

    package init() {}

    package func limit(in policy: Policy) -> Int { policy.keyAgeThreshold }

    package func evaluate(_ key: AccessKey, policy: Policy, at asOf: Date) -> Verdict? {
        switch key.status {
        case .inactive, .expired: return nil
        case .unknown(let name):
            return Verdict(.undetermined, Reason(rule: "status", observed: "unknown status '\(name)'"))
        case .active: break
        }
        let age = key.ageDays(at: asOf)
        let limit = limit(in: policy)
        return Verdict(
            age >= limit ? .notSatisfied : .satisfied, Reason(rule: "age-days", limit: limit, observed: "\(age)"))
    }
}
