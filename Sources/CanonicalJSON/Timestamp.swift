package import FoundationEssentials

extension Date {
    /// `2026-11-22T20:45:00Z`: UTC, whole seconds, rounded down.
    ///
    /// Foundation's style gives the same and takes twenty times as long; a scan writes a dozen for each key.
    package var instant: String {
        text { $0.append(instant: $1) }
    }

    /// `2026-11-22T20:45:00.125Z`: UTC, the millisecond rounded down.
    package var instantWithMilliseconds: String {
        text { $0.append(instantWithMilliseconds: $1) }
    }

    private func text(_ append: (inout OutputBuffer, Date) -> Void) -> String {
        var output = OutputBuffer()
        append(&output, self)
        return String(decoding: output.bytes, as: UTF8.self)
    }
}

extension OutputBuffer {
    /// `2026-11-22T20:45:00Z`: UTC, whole seconds, rounded down.
    package mutating func append(instant date: Date) {
        append(date, milliseconds: false)
    }

    /// `2026-11-22T20:45:00.125Z`: UTC, the millisecond rounded down.
    package mutating func append(instantWithMilliseconds date: Date) {
        append(date, milliseconds: true)
    }

    private mutating func append(_ date: Date, milliseconds: Bool) {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        // Years of four digits only; whatever else there may be is Foundation's.
        guard seconds >= -30_610_224_000, seconds < 253_402_300_800 else {
            return append(date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: milliseconds)))
        }
        let whole = Int(seconds)
        let day = whole >= 0 ? whole / 86_400 : (whole - 86_399) / 86_400
        let time = whole - day * 86_400
        let (year, month, dayOfMonth) = Self.civil(daysSince1970: day)
        append(UInt8(48 + year / 1000))
        append(UInt8(48 + year / 100 % 10))
        append(twoDigits: year % 100, "-")
        append(twoDigits: month, "-")
        append(twoDigits: dayOfMonth, "T")
        append(twoDigits: time / 3600, ":")
        append(twoDigits: time / 60 % 60, ":")
        append(twoDigits: time % 60, milliseconds ? "." : "Z")
        if milliseconds {
            let fraction = min(999, Int((date.timeIntervalSince1970 - seconds) * 1000))
            append(UInt8(48 + fraction / 100))
            append(twoDigits: fraction % 100, "Z")
        }
    }

    /// The date of the Gregorian calendar. Years are counted from March, so that the leap day is the last of one.
    private static func civil(daysSince1970 day: Int) -> (year: Int, month: Int, day: Int) {
        // 1 March of the year 0 is 719,468 days before 1970; 400 years have 146,097 days. No day here is before it.
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Five months of 153 days from March on, again and again.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth)
    }
}
