import FoundationEssentials

extension Duration {
    /// As Foundation counts, with fractions.
    var seconds: TimeInterval {
        let (seconds, attoseconds) = components
        return TimeInterval(seconds) + TimeInterval(attoseconds) * 1e-18
    }
}
