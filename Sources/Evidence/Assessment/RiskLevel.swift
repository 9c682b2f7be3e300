/// What to do first. A level is about urgency; whether a control passes is the control tests' to say.
package enum RiskLevel: Int, Sendable, Comparable, CaseIterable {
    case compliant, low, medium, high, critical

    package static func < (left: RiskLevel, right: RiskLevel) -> Bool { left.rawValue < right.rawValue }

    /// As reports write it: `CRITICAL`.
    package var name: String {
        switch self {
        case .compliant: "COMPLIANT"
        case .low: "LOW"
        case .medium: "MEDIUM"
        case .high: "HIGH"
        case .critical: "CRITICAL"
        }
    }

    /// As policies and options write it: `critical`.
    package var word: String { name.lowercased() }
}

extension RiskLevel? {
    /// As reports write it: `UNDETERMINED` where it isn't known.
    package var name: String { self?.name ?? "UNDETERMINED" }
}
