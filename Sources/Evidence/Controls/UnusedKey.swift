package import FoundationEssentials

/// `unused-key`: an Active key that nobody uses is access that nobody needs.
package struct UnusedKey: ControlTest {
    package let id = "unused-key"
    package let title = "Active access keys are in use"
    package let question = "Is every Active key used within the limit, or younger than it if it was never used?"

    package let facts: Set<FactKind> = [.keyStatus, .lastUse]

    package init() {}

    package func limit(in policy: Policy) -> Int { policy.lastUsedThreshold }

    package func evaluate(_ key: AccessKey, policy: Policy, at asOf: Date) -> Verdict? {
        let limit = limit(in: policy)
        switch key.status {
        case .inactive, .expired: return nil
        case .unknown(let name):
            return Verdict(.undetermined, Reason(rule: "status", observed: "unknown status '\(name)'"))
        case .active: break
        }
        switch key.lastUse {
        case .used:
            let idle = key.idleDays(at: asOf) ?? 0
            return Verdict(
                idle >= limit ? .notSatisfied : .satisfied,
                Reason(rule: "idle-days", limit: limit, observed: "\(idle)"))
        case .never:
            let age = key.ageDays(at: asOf)
            return Verdict(
                age >= limit ? .notSatisfied : .satisfied,
                Reason(rule: "never-used-age-days", limit: limit, observed: "\(age)"))
        case .undetermined(let failure):
            return Verdict(.undetermined, Reason(rule: "last-use", observed: "undetermined: \(failure.message)"))
        }
    }
}
