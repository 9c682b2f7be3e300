import PlainText

extension YAMLValue {
    /// A span of time: `90d`, `36h`, `15m`, `30s`, `250ms`, or several of them from the longest unit down, `1h30m`.
    ///
    /// A day is 24 hours.
    package func duration(
        in range: ClosedRange<Duration> = .zero...Duration.seconds(Int64.max)
    ) throws(YAMLError) -> Duration {
        let text = try? text()
        guard let duration = text.flatMap(Duration.init(spelled:)) else {
            throw error(expected: "a duration such as 90d, 36h, 15m, 30s, 250ms or 1h30m")
        }
        guard range.contains(duration) else {
            let limits = "from \(range.lowerBound.spelled) to \(range.upperBound.spelled)"
            throw error(expected: "a duration \(limits)")
        }
        return duration
    }
}

extension Duration {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// `1h30m`; nil for what isn't written so.
    package init?(spelled text: String) {
        var rest = text.utf8[...]
        var units = Self.units[...]
        var total: Int64 = 0
        repeat {
            let digits = rest.prefix(while: \.isASCIIDigit)
            // Nine digits of days are two million years, and far from overflow.
            guard 1...9 ~= digits.count, let count = Int64(String(Substring(digits))) else { return nil }
            rest = rest[digits.endIndex...]
            let name = rest.prefix { !$0.isASCIIDigit }
            guard let unit = units.firstIndex(where: { name.elementsEqual($0.name.utf8) }) else { return nil }
            rest = rest[name.endIndex...]
            total += count * units[unit].milliseconds
            units = units[(unit + 1)...]
        } while !rest.isEmpty
        self = .milliseconds(total)
    }

    /// As ``init(spelled:)`` reads it, to the millisecond.
    package var spelled: String {
        let (seconds, attoseconds) = components
        guard seconds < Int64.max / 1000 else { return "\(seconds)s" }
        var rest = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        var text = ""
        for unit in Self.units where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text.isEmpty ? "0s" : text
    }
}
