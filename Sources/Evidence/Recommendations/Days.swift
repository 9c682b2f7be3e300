import FoundationEssentials

extension Date {
    func adding(days: Int) -> Date { addingTimeInterval(Double(days) * 86_400) }
}

/// `1 day`, `7 days`: for people.
func counted(_ days: Int) -> String { days == 1 ? "1 day" : "\(days) days" }
