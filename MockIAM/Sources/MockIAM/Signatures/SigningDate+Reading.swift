extension SigningDate {
    /// Reads `20150830T123600Z`, or the extended form `2015-08-30T12:36:00Z`, which AWS accepts in a request although
    /// it signs the basic one (scratchstack-aws-signature, "AWS Auth Error Ordering", observed live).
    init?(iso text: String) {
        let pattern = text.utf8.count == 16 ? "00000000T000000Z" : "0000-00-00T00:00:00Z"
        guard text.utf8.count == pattern.utf8.count else { return nil }
        var digits: [UInt8] = []
        digits.reserveCapacity(14)
        for (byte, expected) in zip(text.utf8, pattern.utf8) {
            if expected == UInt8(ascii: "0") {
                digits.append(byte)
            } else if byte != expected {
                return nil
            }
        }
        self.init(digits: digits)
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, the form of HTTP's `Date` header, with `+0000` and `-0000` for GMT.
    init?(http text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 29 || bytes.count == 31, bytes[3] == UInt8(ascii: ","),
            [4, 7, 11, 16, 25].allSatisfy({ bytes[$0] == UInt8(ascii: " ") }),
            bytes[19] == UInt8(ascii: ":"), bytes[22] == UInt8(ascii: ":"),
            ["GMT", "+0000", "-0000"].contains(where: { bytes[26...].elementsEqual($0.utf8) })
        else { return nil }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let month = months.firstIndex(where: { bytes[8..<11].elementsEqual($0.utf8) }) else { return nil }
        let monthDigits = (month < 9 ? "0\(month + 1)" : "\(month + 1)").utf8
        let day = bytes[12..<16] + monthDigits + bytes[5..<7]
        self.init(digits: Array(day + bytes[17..<19] + bytes[20..<22] + bytes[23..<25]))
    }

    /// From the 14 digits of year, month, day, hour, minute and second.
    private init?(digits: [UInt8]) {
        guard digits.count == 14, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return nil
        }
        func number(_ range: Range<Int>) -> Int {
            digits[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
        let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard 1...12 ~= month, 1...lengths[month - 1] ~= day, hour < 24, minute < 60, second < 60 else { return nil }
        // As in `text`: years that start with March, and 400 years more, so that nothing is negative. 1970 began
        // 719,468 days after the first of March of the year 0.
        let yearFromMarch = year + 400 - (month <= 2 ? 1 : 0)
        let days =
            yearFromMarch * 365 + yearFromMarch / 4 - yearFromMarch / 100 + yearFromMarch / 400
            + (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        self.init(seconds: (days - 146_097 - 719_468) * 86_400 + hour * 3600 + minute * 60 + second)
    }
}
