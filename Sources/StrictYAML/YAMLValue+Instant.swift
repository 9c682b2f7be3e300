import CanonicalJSON
package import FoundationEssentials

extension YAMLValue {
    /// An instant in ISO 8601, with `Z` or an offset: `2026-11-22T20:45:00Z`, `2026-11-22T21:45:00.250+01:00`.
    package func instant() throws(YAMLError) -> Date {
        guard let text = try? text(), let date = Date(iso8601Instant: text) else {
            throw error(expected: "an instant such as 2026-11-22T20:45:00Z")
        }
        return date
    }

    /// An instant, or one that is told from another: `400d ago`, `in 1h30m`, `now`.
    package func instant(relativeTo now: Date) throws(YAMLError) -> Date {
        guard let text = try? text() else { throw error(expected: Self.relativeForms) }
        if let date = Date(iso8601Instant: text) { return date }
        if text == "now" { return now }
        let told: Date?
        if text.hasSuffix(" ago") {
            told = Duration(spelled: String(text.dropLast(4))).map { now - $0.timeInterval }
        } else if text.hasPrefix("in ") {
            told = Duration(spelled: String(text.dropFirst(3))).map { now + $0.timeInterval }
        } else {
            told = nil
        }
        guard let told else { throw error(expected: Self.relativeForms) }
        guard Date.writable.contains(told) else { throw error("\(text.quoted) leaves the years from 1 to 9999") }
        return told
    }

    private static let relativeForms = "an instant such as 2026-11-22T20:45:00Z, '400d ago', 'in 5m' or 'now'"
}

extension Duration {
    /// As Foundation counts.
    var timeInterval: TimeInterval {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
