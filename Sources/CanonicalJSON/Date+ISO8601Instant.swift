import PlainText
package import FoundationEssentials

// ISO 8601 without the formatters of Foundation: an account of 100,000 users has half a million instants, and those
// must be read back as exactly what was written.

extension Date {
    private static let reference = 978_307_200  // 2001-01-01, from which Foundation counts, after 1970-01-01

    /// Year 1 to year 9999, in UTC: what ``iso8601Instant`` can write.
    package static let writable =
        Date(timeIntervalSinceReferenceDate: -63_113_904_000)..<Date(timeIntervalSinceReferenceDate: 252_423_993_600)

    /// Reads `2026-11-22T20:45:00Z`. Seconds may have a fraction, an offset (`+01:00`, `-0530`) may stand for the Z;
    /// years are those from 1 to 9999.
    ///
    /// - Returns: nil for anything else, such as a 30th of February.
    package init?(iso8601Instant text: String) {
        var digits = InstantDigits(text)
        guard let year = digits.number(4), digits.skip("-"), let month = digits.number(2), digits.skip("-"),
            let day = digits.number(2), digits.skip("T"), let hour = digits.number(2), digits.skip(":"),
            let minute = digits.number(2), digits.skip(":"), let second = digits.number(2),
            let fraction = digits.fraction(), let offset = digits.offset(), digits.isAtEnd,
            let date = CivilDay(year: year, month: month, day: day), hour < 24, minute < 60, second < 60
        else { return nil }
        let whole = date.since1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(timeIntervalSinceReferenceDate: Double(whole - Self.reference) + fraction)
        guard Self.writable.contains(self) else { return nil }
    }

    /// `2026-11-22T20:45:00Z`, with as many digits of a fraction as it takes to be read back as the same instant. What
    /// is before year 1 or after year 9999 is written as the first or the last second that can be.
    package var iso8601Instant: String {
        let limits = Self.writable
        let instant = self < limits.upperBound ? max(self, limits.lowerBound) : limits.upperBound - 1
        let whole = instant.timeIntervalSinceReferenceDate.rounded(.down)
        let fraction = instant.timeIntervalSinceReferenceDate - whole
        let seconds = Int(whole) + Self.reference
        let days = seconds.quotientAndRemainder(roundingDownBy: 86_400)
        let date = CivilDay(since1970: days.quotient)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        text.append(date.year, digits: 4)
        for (separator, number) in [
            ("-", date.month), ("-", date.day), ("T", days.remainder / 3600), (":", days.remainder / 60 % 60),
            (":", days.remainder % 60),
        ] as [(Unicode.Scalar, Int)] {
            text.append(UInt8(ascii: separator))
            text.append(number, digits: 2)
        }
        if fraction > 0 { text += Self.digits(of: fraction, after: whole).utf8 }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// The point and the digits of a fraction of a second: few, where they give the same instant, or else all.
    private static func digits(of fraction: Double, after whole: Double) -> String {
        var scale = 1.0
        for count in 1...9 {
            scale *= 10
            let digits = (fraction * scale).rounded()
            if digits < scale, whole + digits / scale == whole + fraction {
                let text = String(Int(digits))
                return "." + String(repeating: "0", count: count - text.utf8.count) + text
            }
        }
        // "0.25" or "2.5e-07"
        let parts = fraction.description.split(separator: "e")
        let digits = parts[0].filter { $0 != "." }
        let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
        return exponent == 0 ? "." + digits.dropFirst() : "." + String(repeating: "0", count: -exponent - 1) + digits
    }
}

/// Takes an instant's text apart.
private struct InstantDigits {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ count: Int) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(\.isASCIIDigit) else { return nil }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// Of a second; 0 where there is none.
    mutating func fraction() -> Double? {
        guard skip(".") else { return 0 }
        let digits = rest.prefix(while: \.isASCIIDigit)
        rest = rest[digits.endIndex...]
        return digits.isEmpty ? nil : Double("0." + String(Substring(digits)))
    }

    /// East of Greenwich, in seconds.
    mutating func offset() -> Int? {
        if skip("Z") { return 0 }
        let sign = skip("+") ? 1 : skip("-") ? -1 : 0
        guard sign != 0, let hours = number(2), hours < 24 else { return nil }
        _ = skip(":")
        guard let minutes = number(2), minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ number: Int, digits: Int) {
        var unit = (1..<digits).reduce(1) { unit, _ in unit * 10 }
        while unit > 0 {
            append(UInt8(ascii: "0") + UInt8(number / unit % 10))
            unit /= 10
        }
    }
}
