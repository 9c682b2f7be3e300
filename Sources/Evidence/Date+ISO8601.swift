import CanonicalJSON
package import FoundationEssentials

extension Date {
    /// `2026-11-22T20:45:00Z`, whole seconds.
    package var iso8601: String { instant }

    /// `20261122T204500Z`: names the folder of a run.
    package var compactISO8601: String {
        iso8601.filter { $0 != "-" && $0 != ":" }
    }

    /// Rounded down.
    package var inWholeSeconds: Date { Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down)) }

    /// `2026-11-22`
    package var day: String { String(iso8601.prefix(10)) }
}
