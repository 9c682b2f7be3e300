package import FoundationEssentials

extension Date {
    /// Reads an AWS timestamp: ISO 8601 with `Z` or an offset, with or without fractions of a second; nil where it isn't
    /// one.
    ///
    /// The two forms that AWS writes nearly always, `2026-11-22T20:45:00Z` and `…+00:00`, are read here: a credential
    /// report has up to seven a row, and Foundation's parser takes fifty times as long.
    package init?(awsTimestamp text: String) {
        let bytes = Array(text.utf8)
        if let plain = PlainTimestamp(bytes[...]) {
            self.init(timeIntervalSince1970: TimeInterval(plain.secondsSince1970))
            return
        }
        let date =
            (try? Date.ISO8601FormatStyle().parse(text))
            ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
        guard let date else { return nil }
        self = date
    }

    /// Reads a timestamp in one of AWS's two usual forms; nil for every other text.
    init?(plainTimestamp bytes: ArraySlice<UInt8>) {
        guard let plain = PlainTimestamp(bytes) else { return nil }
        self.init(timeIntervalSince1970: TimeInterval(plain.secondsSince1970))
    }
}

/// `2026-11-22T20:45:00Z` or `2026-11-22T20:45:00+00:00`.
private struct PlainTimestamp {
    var secondsSince1970: Int

    init?(_ text: ArraySlice<UInt8>) {
        let at = text.startIndex
        guard text.count == 20 ? text[at + 19] == UInt8(ascii: "Z") : text.count == 25 && Self.isZeroOffset(text),
            text[at + 4] == UInt8(ascii: "-"), text[at + 7] == UInt8(ascii: "-"), text[at + 10] == UInt8(ascii: "T"),
            text[at + 13] == UInt8(ascii: ":"), text[at + 16] == UInt8(ascii: ":"),
            let century = Self.pair(text, at), let year = Self.pair(text, at + 2),
            let month = Self.pair(text, at + 5), let day = Self.pair(text, at + 8),
            let hour = Self.pair(text, at + 11), let minute = Self.pair(text, at + 14),
            let second = Self.pair(text, at + 17), hour < 24, minute < 60, second < 60
        else { return nil }
        guard let days = Self.days(year: century * 100 + year, month: month, day: day) else { return nil }
        secondsSince1970 = days * 86_400 + hour * 3600 + minute * 60 + second
    }

    private static func pair(_ text: ArraySlice<UInt8>, _ index: Int) -> Int? {
        let (tens, ones) = (text[index] &- 48, text[index + 1] &- 48)
        return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
    }

    private static func isZeroOffset(_ text: ArraySlice<UInt8>) -> Bool {
        let at = text.startIndex + 19
        return text[at] == UInt8(ascii: "+") && text[at + 3] == UInt8(ascii: ":") && pair(text, at + 1) == 0
            && pair(text, at + 4) == 0
    }

    /// Days since 1970-01-01 of a date of the Gregorian calendar; nil where there is no such day.
    private static func days(year: Int, month: Int, day: Int) -> Int? {
        guard (1...12).contains(month), year >= 1583 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month - 1]).contains(day) else { return nil }
        let before = year - 1
        let wholeYears = before * 365 + before / 4 - before / 100 + before / 400 - 719_162
        return wholeYears + lengths[..<(month - 1)].reduce(0, +) + day - 1
    }
}
