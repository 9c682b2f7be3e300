package import FoundationEssentials

/// `unused-key`: an Active key that nobody uses is access that nobody needs.
package struct UnusedKey: ControlTest {
    package let limit: Int

    package var id: ControlTestID { .unusedKey }
    package var title: String { "Active access keys are in use" }
    package var question: String {
        "Is every Active key used within the limit, or younger than it if it was never used?"
    }
    package var facts: Set<FactKind> { [.keyStatus, .lastUse] }

    package var parameters: [TestParameter] { [TestParameter(name: "last_used", days: limit)] }

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
        func verdict(_ days: Int, _ rule: Reason.Rule, _ source: Provenance) -> Verdict {
            Verdict(
                days >= limit ? .notSatisfied : .satisfied,
                Reason(rule, limit: limit, observed: .days(days), source: source))
        }
        switch key.lastUse {
        case .read(.used(let at, _, _), let source): return verdict(wholeDays(from: at, to: asOf), .idle, source)
        case .read(.never, let source): return verdict(key.ageDays(at: asOf), .neverUsedAge, source)
        case .undetermined(let failure):
            return Verdict(.undetermined, Reason(.lastUse, observed: .unread(failure)))
        }
    }
}

extension Verdict {
    /// AWS may add a status, and then nobody knows what it means.
    static func unknownStatus(of key: AccessKey) -> Verdict {
        Verdict(
            .undetermined,
            Reason(.status, observed: .text("unknown status '\(key.status.name)'"), source: key.listed))
    }
}
