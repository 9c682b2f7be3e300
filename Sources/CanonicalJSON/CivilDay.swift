/// A day of the Gregorian calendar, of the years 1 to 9999.
package struct CivilDay {
    var year: Int
    var month: Int
    var day: Int

    /// Nil where the calendar has no such day, such as a 30th of February.
    package init?(year: Int, month: Int, day: Int) {
        guard 1...9999 ~= year, 1...12 ~= month, 1...Self.count(in: month, of: year) ~= day else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    private static func count(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    // Years are counted from March, so that the leap day is the last of one. 1 March of the year 0 is 719,468 days before
    // 1970, and 400 years have 146,097 days.
    private static let marchOfYear0 = 719_468

    /// Days after 1970-01-01, or before it where it is negative.
    package var since1970: Int {
        let marchYear = month > 2 ? year : year - 1
        let era = marchYear.quotientAndRemainder(roundingDownBy: 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = era.remainder * 365 + era.remainder / 4 - era.remainder / 100 + dayOfYear
        return era.quotient * 146_097 + dayOfEra - Self.marchOfYear0
    }

    /// By the method of C. Neri and L. Schneider ("Euclidean affine functions and their application to calendar
    /// algorithms", 2022), in which divisions that take long become multiplications: a scan writes a dozen instants for
    /// each key.
    init(since1970 days: Int) {
        let quarters = UInt32(truncatingIfNeeded: 4 * (days + Self.marchOfYear0) + 3)
        let (century, restOfCentury) = quarters.quotientAndRemainder(dividingBy: 146_097)
        let product = (restOfCentury | 3).multipliedFullWidth(by: 2_939_745)
        let dayOfYear = product.low / 2_939_745 / 4
        let march = 2141 * dayOfYear + 197_913
        let isNextYear = dayOfYear >= 306
        year = Int(100 * century + product.high) + (isNextYear ? 1 : 0)
        month = Int(march >> 16) - (isNextYear ? 12 : 0)
        day = Int((march & 0xffff) / 2141) + 1
    }
}

extension Int {
    func quotientAndRemainder(roundingDownBy divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
