import Testing

@testable import MockIAM

@Suite("SplitMix64")
struct SplitMix64Tests {
    @Test("The numbers are those that the algorithm is known for")
    func known() {
        var random = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<5).map { _ in random.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test("Numbers stay in their range and reach its ends")
    func ranges() {
        var random = SplitMix64(seed: 1)
        #expect(Set((0..<200).map { _ in random.number(in: 3...7) }) == [3, 4, 5, 6, 7])
        #expect(random.number(below: 1) == 0)
        let weighted = (0..<1000).map { _ in random.number(weighted: [(1, 0...0), (0, 1...1), (3, 2...2)]) }
        #expect(Set(weighted) == [0, 2])
        #expect((650...850).contains(weighted.count { $0 == 2 }))
    }

    @Test("Shuffling keeps the elements and changes their order")
    func shuffle() {
        var random = SplitMix64(seed: 1)
        var elements = Array(0..<100)
        random.shuffle(&elements)
        #expect(elements != Array(0..<100))
        #expect(elements.sorted() == Array(0..<100))
    }
}
