import Testing

@testable import Collector

@Suite struct ConcurrencyGaugeTests {
    @Test func `fast answers alone don't open it`() {
        var gauge = ConcurrencyGauge(2...64, at: .zero)
        for call in 1...40 { gauge.update((call, 0), at: .milliseconds(call / 2)) }
        #expect(gauge.limit == 2)
    }

    @Test func `with 60 ms an answer it is at its bound after a second and a half`() {
        var gauge = ConcurrencyGauge(2...64, at: .zero)
        var calls = 0
        for turn in 1...25 {
            // What is under way ends in one bunch.
            for _ in 0..<gauge.limit {
                calls += 1
                gauge.update((calls, 0), at: .milliseconds(60 * turn))
            }
        }
        #expect(gauge.limit == 64)
    }

    @Test func `a refusal halves it, to the bound below, and it stays`() {
        var gauge = ConcurrencyGauge(2...64, at: .zero)
        var calls = 0
        for turn in 1...25 {
            for _ in 0..<gauge.limit {
                calls += 1
                gauge.update((calls, 0), at: .milliseconds(60 * turn))
            }
        }
        gauge.update((calls + 1, 1), at: .seconds(2))
        #expect(gauge.limit == 32)
        gauge.update((calls + 100, 1), at: .seconds(4))
        #expect(gauge.limit == 32)
        for throttles in 2...20 { gauge.update((calls + 100 + throttles, throttles), at: .seconds(5)) }
        #expect(gauge.limit == 2)
    }
}
