/// SplitMix64, the generator of Steele, Lea and Flood ("Fast splittable pseudorandom number generators", 2014) with the
/// constants of Java's: a number and three mixing steps.
///
/// Of our own, because a seed's account is the same with every toolchain and on every platform. For the same reason
/// everything drawn here is whole numbers.
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A stream of its own for each combination of numbers.
    init(seed: UInt64, _ streams: UInt64...) {
        self.init(seed: seed)
        for stream in streams { state = next() ^ (stream &* 0x9e37_79b9_7f4a_7c15) }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// 0 and up, below `bound`, which must be positive.
    mutating func number(below bound: Int) -> Int {
        // The high half of a 128-bit product (Lemire); its bias of less than bound / 2^64 harms nothing here.
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + number(below: range.count)
    }

    /// True with a probability of `perMille` in a thousand.
    mutating func chance(_ perMille: Int) -> Bool {
        number(below: 1000) < perMille
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[number(below: elements.count)]
    }

    /// One of the ranges, by its weight, and a number in it.
    mutating func number(weighted ranges: [(weight: Int, range: ClosedRange<Int>)]) -> Int {
        var rest = number(below: ranges.reduce(0) { $0 + $1.weight })
        for (weight, range) in ranges {
            if rest < weight { return number(in: range) }
            rest -= weight
        }
        return 0
    }

    /// The same order with every toolchain, which the standard library's `shuffle` doesn't promise.
    mutating func shuffle<Element>(_ elements: inout [Element]) {
        guard elements.count > 1 else { return }
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(last, number(below: last + 1))
        }
    }
}
