import FoundationEssentials

extension Date {
    /// `Sun, 22 Nov 2026 20:45:00 GMT`, the form of HTTP's `Date` header.
    var httpDate: String {
        let style = Date.ISO8601FormatStyle()
        let digits = style.format(self)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.weekday, .month], from: self)
        let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekday = weekdays[((parts.weekday ?? 1) - 1) % 7]
        let month = months[((parts.month ?? 1) - 1) % 12]
        let day = digits.dropFirst(8).prefix(2)
        return "\(weekday), \(day) \(month) \(digits.prefix(4)) \(digits.dropFirst(11).prefix(8)) GMT"
    }
}
