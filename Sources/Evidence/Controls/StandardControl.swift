/// The controls that everybody asks about, one of each standard framework: documents have a status of their own for each.
package enum StandardControl: CaseIterable, Sendable {
    case cc6_1, ia4

    package var framework: String {
        switch self {
        case .cc6_1: Crosswalk.soc2
        case .ia4: Crosswalk.nist
        }
    }

    /// In the crosswalk.
    package var id: String {
        switch self {
        case .cc6_1: "cc6.1"
        case .ia4: "ia-4"
        }
    }

    /// As reports have always named it, for its framework, too.
    package var title: String {
        switch self {
        case .cc6_1: "SOC 2 CC6.1"
        case .ia4: "NIST 800-53 IA-4"
        }
    }
}
