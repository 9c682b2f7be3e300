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

    /// Years of four digits only, 1 to 9999. What is outside is written as the first or the last second of them; nothing
    /// that is read can be.
    private mutating func append(_ date: Date, milliseconds: Bool) {
        let exact = min(max(date.timeIntervalSince1970, -62_135_596_800), 253_402_300_799)
        let seconds = exact.rounded(.down)
        let whole = Int(seconds)
        let day = whole >= 0 ? whole / 86_400 : (whole - 86_399) / 86_400
        let time = whole - day * 86_400
        let (year, month, dayOfMonth) = Self.civil(daysSince1970: day)
        append(year: year, month: month, day: dayOfMonth, time: time, last: milliseconds ? "." : "Z")
        if milliseconds {
            let fraction = min(999, Int((exact - seconds) * 1000))
            append(UInt8(48 + fraction / 100))
            append(UInt8(48 + fraction / 10 % 10))
            append(UInt8(48 + fraction % 10))
            append(UInt8(ascii: "Z"))
        }
    }

    /// The date of the Gregorian calendar, by the method of C. Neri and L. Schneider ("Euclidean affine functions and
    /// their application to calendar algorithms", 2022): years are counted from March, so that the leap day is the last of
    /// one, and divisions that take long become multiplications.
    private static func civil(daysSince1970 day: Int) -> (year: Int, month: Int, day: Int) {
        // 1 March of the year 0 is 719,468 days before 1970; 400 years have 146,097 days. No day here is before it.
        let quarters = UInt32(truncatingIfNeeded: 4 * (day + 719_468) + 3)
        let (century, restOfCentury) = quarters.quotientAndRemainder(dividingBy: 146_097)
        let product = (restOfCentury | 3).multipliedFullWidth(by: 2_939_745)
        let dayOfYear = product.low / 2_939_745 / 4
        let month = 2141 * dayOfYear + 197_913
        let dayOfMonth = (month & 0xffff) / 2141
        let isNextYear = dayOfYear >= 306
        return (
            Int(100 * century + product.high) + (isNextYear ? 1 : 0), Int(month >> 16) - (isNextYear ? 12 : 0),
            Int(dayOfMonth) + 1
        )
    }
}
