import CanonicalJSON
package import FoundationEssentials

extension Date {
    /// Reads an AWS timestamp: ISO 8601 with `Z` or an offset, with or without fractions of a second; nil where it isn't
    /// one. What the calendar doesn't have, such as a 30th of February, is no instant, and not the 2nd of March.
    ///
    /// Fractions are left out. IAM's facts are of whole seconds, and so are the documents that are made of them: whoever
    /// judges by these again must come to the same days.
    ///
    /// Read here rather than by Foundation, which takes fifty times as long (a credential report has up to seven a row),
    /// makes another day of one that doesn't exist, and ignores what follows the zone.
    package init?(awsTimestamp text: String) {
        self.init(awsTimestamp: Array(text.utf8)[...])
    }

    /// Reads it where it stands.
    init?(awsTimestamp bytes: ArraySlice<UInt8>) {
        guard let timestamp = Timestamp(bytes), timestamp.isWritable else { return nil }
        self.init(timeIntervalSince1970: TimeInterval(timestamp.secondsSince1970))
    }

    /// `2026-11-22T20:45:00Z`: UTC, rounded down to whole seconds.
    package var awsTimestamp: String { instant }

    /// Reads `20261122T204500Z`, the form of the header `X-Amz-Date`; nil for anything else.
    package init?(amzDate text: String) {
        var bytes = Array(text.utf8)
        guard bytes.count == 16 else { return nil }
        for place in [13, 11] { bytes.insert(UInt8(ascii: ":"), at: place) }
        for place in [6, 4] { bytes.insert(UInt8(ascii: "-"), at: place) }
        self.init(awsTimestamp: bytes[...])
    }

    /// `20261122T204500Z`: the form of the header `X-Amz-Date`, and of what is signed with it.
    ///
    /// Foundation's style would load the data of all time zones for the first one.
    package var amzDate: String { instant.filter { $0 != "-" && $0 != ":" } }
}

/// `2026-11-22T20:45:00Z` or `2026-11-22T20:45:00+00:00`, as AWS writes nearly always, and what else ISO 8601 allows in
/// the place of the zone.
private struct Timestamp {
    var secondsSince1970: Int

    init?(_ text: ArraySlice<UInt8>) {
        let at = text.startIndex
        guard text.count >= 20,
            text[at + 4] == UInt8(ascii: "-"), text[at + 7] == UInt8(ascii: "-"), text[at + 10] == UInt8(ascii: "T"),
            text[at + 13] == UInt8(ascii: ":"), text[at + 16] == UInt8(ascii: ":"),
            let century = Self.pair(text, at), let year = Self.pair(text, at + 2),
            let month = Self.pair(text, at + 5), let day = Self.pair(text, at + 8),
            let hour = Self.pair(text, at + 11), let minute = Self.pair(text, at + 14),
            let second = Self.pair(text, at + 17), hour < 24, minute < 60, second < 60,
            let date = CivilDay(year: century * 100 + year, month: month, day: day)
        else { return nil }
        secondsSince1970 = date.since1970 * 86_400 + hour * 3600 + minute * 60 + second
        var rest = text[(at + 19)...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { $0 &- 48 < 10 }
            guard !digits.isEmpty else { return nil }
            rest = rest[digits.endIndex...]
        }
        guard let offset = Self.offset(rest) else { return nil }
        secondsSince1970 -= offset
    }

    /// Whether it is of a year from 1 to 9999 in UTC, too: documents write no others.
    var isWritable: Bool { (-62_135_596_800...253_402_300_799).contains(secondsSince1970) }

    /// What the zone says, in seconds: `Z`, the `UTC` of AWS CLI's older caches, `+01:00`, `+0100` or `+01`.
    private static func offset(_ zone: ArraySlice<UInt8>) -> Int? {
        let at = zone.startIndex
        if zone.count == 1 { return zone[at] == UInt8(ascii: "Z") ? 0 : nil }
        if zone.elementsEqual("UTC".utf8) || zone.elementsEqual("GMT".utf8) { return 0 }
        guard [3, 5, 6].contains(zone.count), zone[at] == UInt8(ascii: "+") || zone[at] == UInt8(ascii: "-"),
            zone.count < 6 || zone[at + 3] == UInt8(ascii: ":"), let hours = pair(zone, at + 1), hours < 24,
            let minutes = zone.count == 3 ? 0 : pair(zone, zone.endIndex - 2), minutes < 60
        else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return zone[at] == UInt8(ascii: "-") ? -seconds : seconds
    }

    private static func pair(_ text: ArraySlice<UInt8>, _ index: Int) -> Int? {
        let (tens, ones) = (text[index] &- 48, text[index + 1] &- 48)
        return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
    }
}
