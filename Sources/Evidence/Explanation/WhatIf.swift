import FoundationEssentials

/// What would become of a key if something were done about it now. Not told but judged, by the same rules.
package struct WhatIf: Sendable, Equatable {
    /// `used now`
    package var change: String
    package var outcome: Outcome
    /// The tests that it still wouldn't pass: failed, or not known.
    package var notPassing: [ControlTestID]

    package enum Outcome: Sendable, Equatable {
        /// The key's level; nil where it would be undetermined.
        case level(RiskLevel?)
        case noKey

        /// `COMPLIANT`
        package var name: String {
            switch self {
            case .level(let level): level.name
            case .noKey: "no key"
            }
        }

        var tone: TerminalStyle.Tone? {
            switch self {
            case .level(let level): TerminalStyle.Tone(level)
            case .noKey: nil
            }
        }
    }
}

extension KeyAssessment {
    /// What would follow from each thing that can be done.
    package var whatIfs: [WhatIf] {
        var changes: [(String, AccessKey?)] = []
        if key.status == .active {
            changes.append(("used now and kept", key.supposing(.used(at: asOf, service: "", region: ""))))
            var inactive = key
            inactive.status = .inactive
            changes.append(("deactivated and kept", inactive))
            var fresh = key.supposing(.never)
            fresh.created = asOf
            changes.append(("replaced by a new key and deleted", fresh))
        }
        changes.append(("deleted", nil))
        return changes.map { change, changed in
            let (classification, verdicts) = judged(as: changed)
            return WhatIf(
                change: change, outcome: classification.map { .level($0.level) } ?? .noKey,
                notPassing: verdicts.filter { $0.verdict.conclusion != .satisfied }.map(\.test))
        }
    }
}
