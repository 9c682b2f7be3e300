import FoundationEssentials

extension Date {
    func adding(days: Int) -> Date { addingTimeInterval(Double(days) * 86_400) }
}
