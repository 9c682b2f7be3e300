import CanonicalJSON
import FoundationEssentials

extension Date {
    /// The months as HTTP's dates name them.
    static let monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Sun, 22 Nov 2026 20:45:00 GMT`, the form of HTTP's `Date` header.
    var httpDate: String {
        // `2026-11-22T20:45:00Z`
        let digits = instant
        let month = Int(digits.dropFirst(5).prefix(2)) ?? 1
        // The first day of the year 1 was a Monday.
        let days = (SigningDate(self).seconds - SigningDate.first.seconds) / 86_400
        let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][days % 7]
        return "\(weekday), \(digits.dropFirst(8).prefix(2)) \(Self.monthNames[month - 1]) \(digits.prefix(4)) "
            + "\(digits.dropFirst(11).prefix(8)) GMT"
    }
}
