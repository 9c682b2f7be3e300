import CanonicalJSON
import FoundationEssentials

extension Date {
    func adding(days: Int) -> Date { addingTimeInterval(Double(days) * 86_400) }
}

/// `1 day`, `7 days`: for people.
func counted(_ days: Int) -> String { days == 1 ? "1 day" : "\(days) days" }

extension TextOutput where Self: ~Copyable {
    /// `1 day`, `7 days`: for people.
    mutating func put(counted days: Int) {
        put(days)
        literal(days == 1 ? " day" : " days")
    }
}
