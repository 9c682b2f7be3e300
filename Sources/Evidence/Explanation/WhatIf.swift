import FoundationEssentials

/// What would become of a key if something were done about it now. Not told but judged, by the same rules.
package struct WhatIf: Sendable, Equatable {
    /// `used now`
    package var change: String
    package var level: String
    /// The tests that it would still fail.
    package var failing: [ControlTestID]
}

extension KeyAssessment {
    /// What would follow from each thing that can be done.
    package var whatIfs: [WhatIf] {
        var changes: [(String, AccessKey?)] = []
        if key.status == .active {
            var used = key
            used.lastUse = .used(at: asOf, service: "", region: "")
            changes.append(("used now and kept", used))
            var inactive = key
            inactive.status = .inactive
            changes.append(("deactivated and kept", inactive))
            var fresh = key
            fresh.created = asOf
            fresh.lastUse = .never
            changes.append(("replaced by a new key and deleted", fresh))
        }
        changes.append(("deleted", nil))
        return changes.map { change, changed in
            let (level, verdicts) = judged(as: changed)
            return WhatIf(
                change: change, level: level ?? "no key",
                failing: verdicts.filter { $0.verdict.conclusion != .satisfied }.map(\.test))
        }
    }
}
