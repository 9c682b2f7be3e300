import FoundationEssentials

extension Date {
    /// `2026-11-22T20:45:00Z`, as AWS writes instants in XML.
    var iso8601: String {
        formatted(Date.ISO8601FormatStyle())
    }
}
