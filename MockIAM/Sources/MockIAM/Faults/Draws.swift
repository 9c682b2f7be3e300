/// Numbers that look drawn and depend on nothing but what they are drawn for, so that no generator has to be kept, and
/// the n-th request of a rule gets the same number whatever the other rules and callers do.
struct Draws {
    /// What a number is for: two purposes of one request don't share one.
    enum Purpose: UInt64 {
        case probability
        case jitter
    }

    private let key: UInt64

    /// - Parameters:
    ///   - rule: the rule's name.
    ///   - scope: what the rule counts together.
    init(seed: Int, rule: String, scope: String) {
        key = "\(seed)\n\(rule)\n\(scope)".stableHash
    }

    /// From 0 up to 1, without 1.
    func unit(_ number: Int, for purpose: Purpose) -> Double {
        var generator = SplitMix64(seed: key &+ UInt64(bitPattern: Int64(number)) &* 2 &+ purpose.rawValue)
        return Double(generator.next() >> 11) * 0x1p-53
    }
}
