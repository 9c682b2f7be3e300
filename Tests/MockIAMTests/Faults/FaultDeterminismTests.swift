import Testing

@testable import MockIAM

@Suite("Faults come again as they came")
struct FaultDeterminismTests {
    @Test("The same seed gives the same sequence, another one another")
    func seeds() {
        let first = FaultEngine.failing(seed: 7, .probability(0.3)).hits(among: 200)
        #expect(FaultEngine.failing(seed: 7, .probability(0.3)).hits(among: 200) == first)
        #expect(FaultEngine.failing(seed: 8, .probability(0.3)).hits(among: 200) != first)
    }

    @Test("The sequence is part of what a seed promises")
    func sequence() {
        #expect(FaultEngine.failing(seed: 7, .probability(0.3)).hits(among: 30) == [5, 6, 8, 19, 20, 27, 30])
    }

    @Test("A reset brings the sequence again")
    func reset() {
        let engine = FaultEngine.failing(seed: 7, .probability(0.5))
        let first = engine.hits(among: 50)
        #expect(engine.hits(among: 50) != first)
        engine.replace(engine.plan, at: .zero)
        #expect(engine.hits(among: 50) == first)
    }

    @Test("About as many requests are hit as the probability says", arguments: [0.05, 0.5, 0.9])
    func share(probability: Double) {
        let hits = FaultEngine.failing(seed: 1, .probability(probability)).hits(among: 10_000).count
        #expect(abs(Double(hits) / 10_000 - probability) < 0.015)
    }

    @Test("What one caller sees doesn't depend on the others")
    func callers() {
        let alone = FaultEngine.failing(seed: 7, .probability(0.3), per: .caller)
        let busy = FaultEngine.failing(seed: 7, .probability(0.3), per: .caller)
        let expected = alone.hits(among: 50, .made(by: "A"))
        let seen = (1...50).filter { number in
            for _ in 0..<number % 3 { _ = busy.next(.made(by: "B")) }
            return !busy.next(.made(by: "A")).isEmpty
        }
        #expect(seen == expected)
        #expect(alone.hits(among: 50, .made(by: "B")) != expected)
    }

    @Test("A named rule keeps its sequence wherever it stands; two rules don't share one")
    func rules() {
        func hits(of name: String, in rules: [String]) -> [Int] {
            let engine = FaultEngine(
                MockIAM.FaultPlan(
                    seed: 7, rules: rules.map { FaultRule(name: $0, when: .probability(0.3), latency: .seconds(1)) }))
            return (1...50).filter { _ in engine.next().hits.contains { $0.name == name } }
        }
        #expect(hits(of: "b", in: ["b"]) == hits(of: "b", in: ["a", "b"]))
        #expect(hits(of: "a", in: ["a", "b"]) != hits(of: "b", in: ["a", "b"]))
    }

    @Test("Jitter lies between nothing and its most, and differs")
    func jitter() {
        let rule = FaultRule(latency: .init(fixed: .milliseconds(200), jitter: .milliseconds(100)))
        let engine = FaultEngine(MockIAM.FaultPlan(seed: 3, rules: [rule]))
        let delays = (0..<1000).map { _ in engine.next().wire.latency }
        #expect(delays.allSatisfy { $0 >= .milliseconds(200) && $0 < .milliseconds(300) })
        #expect(delays.contains { $0 < .milliseconds(210) } && delays.contains { $0 > .milliseconds(290) })
        engine.replace(engine.plan, at: .zero)
        #expect((0..<1000).map { _ in engine.next().wire.latency } == delays)
    }

    @Test("Requests that race are counted one by one")
    func concurrency() async {
        let engine = FaultEngine.failing(.every(10))
        let hits = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { engine.hits(among: 1000).count } }
            return await group.reduce(0, +)
        }
        #expect(hits == 800)
    }
}
