import Testing

@testable import Collector

@Suite struct ConcurrencyGaugeTests {
    @Test func `fast answers alone don't open it before AWS's smallest bucket is behind them, and not far after`() {
        var gauge = ConcurrencyGauge(2...64, at: .zero)
        for call in 1...30 { gauge.update((call, 0), at: .milliseconds(call / 2)) }
        #expect(gauge.limit == 2)
        gauge.update((31, 0), at: .milliseconds(16))
        #expect(gauge.limit == 8)
        for call in 32...130 { gauge.update((call, 0), at: .milliseconds(call / 2)) }
        #expect((8...12).contains(gauge.limit))
    }

    @Test func `it stays within its bounds`() {
        var gauge = ConcurrencyGauge(1...3, at: .zero)
        for call in 1...100 { gauge.update((call, 0), at: .seconds(call)) }
        #expect(gauge.limit == 3)
    }

    @Test func `what was refused among the first calls keeps it where it is`() {
        var gauge = ConcurrencyGauge(2...64, at: .zero)
        for call in 1...100 { gauge.update((call, call < 22 ? 0 : 2), at: .milliseconds(call / 2)) }
        #expect(gauge.limit == 2)
    }

    @Test func `with 60 ms an answer it is at its bound after a second`() {
        var gauge = ConcurrencyGauge(2...64, at: .zero)
        var calls = 0
        for turn in 1...16 {
            // What is under way ends in one bunch.
            for _ in 0..<gauge.limit {
                calls += 1
                gauge.update((calls, 0), at: .milliseconds(60 * turn))
            }
        }
        #expect(gauge.limit == 64)
    }

    @Test func `of the first calls, after which AWS's bucket may be empty, it opens little`() {
        var gauge = ConcurrencyGauge(2...64, at: .zero)
        var calls = 0
        for turn in 1... {
            for _ in 0..<gauge.limit {
                calls += 1
                if calls > 30 {
                    #expect(gauge.limit < 10)
                    return
                }
                gauge.update((calls, 0), at: .milliseconds(60 * turn))
            }
        }
    }

    @Test func `from the first refusal on it stays as it is`() {
        var gauge = ConcurrencyGauge(2...64, at: .zero)
        var calls = 0
        for turn in 1...8 {
            for _ in 0..<gauge.limit {
                calls += 1
                gauge.update((calls, 0), at: .milliseconds(60 * turn))
            }
        }
        let reached = gauge.limit
        #expect((4..<64).contains(reached))
        for more in 1...500 { gauge.update((calls + more, min(more, 20)), at: .seconds(1 + more)) }
        #expect(gauge.limit == reached)
    }
}
