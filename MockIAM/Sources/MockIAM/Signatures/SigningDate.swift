import FoundationEssentials

/// The instant of a signature, to the second, in the years 0 to 9999.
struct SigningDate: Hashable, Comparable {
    /// Since 1970, in UTC.
    let seconds: Int

    /// An instant; one beyond the years that AWS's dates can say becomes the nearest of them.
    init(seconds: Int) {
        self.seconds = min(max(seconds, -62_167_219_200), 253_402_300_799)
    }

    /// An instant; its fraction of a second is cut off.
    init(_ date: Date) {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        // Far beyond what can be said, and well within an Int.
        self.init(seconds: seconds.isNaN ? 0 : Int(min(max(seconds, -1e12), 1e12)))
    }

    /// The instant as Foundation knows it.
    var date: Date {
        Date(timeIntervalSince1970: Double(seconds))
    }

    static func < (left: SigningDate, right: SigningDate) -> Bool {
        left.seconds < right.seconds
    }

    static func + (date: SigningDate, seconds: Int) -> SigningDate {
        SigningDate(seconds: date.seconds + seconds)
    }
}

extension SigningDate {
    /// `20150830T123600Z`
    ///
    /// Foundation's formatters take ten times as long as all the rest of a verification.
    var text: String {
        let (days, time) = (seconds + 62_167_219_200).quotientAndRemainder(dividingBy: 86_400)
        // A year is taken to start with March, so that the leap day is its last, and 400 years have 146,097 days. One
        // such span is added, so that January and February of the year 0 don't come out negative.
        let (span, dayOfSpan) = (days - 60 + 146_097).quotientAndRemainder(dividingBy: 146_097)
        let yearOfSpan = (dayOfSpan - dayOfSpan / 1460 + dayOfSpan / 36_524 - dayOfSpan / 146_096) / 365
        let dayOfYear = dayOfSpan - (365 * yearOfSpan + yearOfSpan / 4 - yearOfSpan / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = (monthFromMarch + 2) % 12 + 1
        let year = (span - 1) * 400 + yearOfSpan + (month <= 2 ? 1 : 0)
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        var text: [UInt8] = []
        text.reserveCapacity(16)
        for pair in [year / 100, year % 100, month, day] { text.appendTwoDigits(pair) }
        text.append(UInt8(ascii: "T"))
        for pair in [time / 3600, time / 60 % 60, time % 60] { text.appendTwoDigits(pair) }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate mutating func appendTwoDigits(_ number: Int) {
        append(UInt8(ascii: "0") + UInt8(number / 10 % 10))
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
