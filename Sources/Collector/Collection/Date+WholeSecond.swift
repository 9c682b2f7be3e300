import FoundationEssentials

extension Date {
    /// AWS gives whole seconds; where it gave fractions, one source may round and the other not.
    func isSameSecond(as other: Date) -> Bool { wholeSecond == other.wholeSecond }

    /// Seconds since 1970, rounded down.
    var wholeSecond: Double { timeIntervalSince1970.rounded(.down) }
}
