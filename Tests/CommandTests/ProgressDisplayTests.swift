@testable import Collector
@testable import keywitness
import Synchronization
import Testing

/// What is drawn on a terminal of some width.
@Suite struct ProgressDisplayTests {
    private func standing(
        users: (done: Int, listed: Int) = (1234, 5000), keys: Int = 1432, throttles: Int = 0, rate: Double? = 812.4,
        left: Duration? = .seconds(200), outage: String? = nil, isListingDone: Bool = true, waitsForReport: Bool = false
    ) -> ProgressDisplay.Standing {
        ProgressDisplay.Standing(
            progress: CollectionProgress(
                usersDone: users.done, usersListed: users.listed, isListingDone: isListingDone, keys: keys, calls: 5000,
                throttles: throttles, waitsForReport: waitsForReport), rate: rate, left: left,
            outage: outage)
    }

    private func bar(_ filled: Int, of cells: Int) -> String {
        String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
    }

    @Test func `the narrower the terminal, the less is shown, from the least important on`() {
        let standing = standing(throttles: 12)
        for (columns, expected) in [
            (200, bar(5, of: 24) + " 1234/5000 users, 1432 keys, 812 calls/s, 12 throttled, about 3 min left"),
            (97, bar(5, of: 24) + " 1234/5000 users, 1432 keys, 812 calls/s, 12 throttled, about 3 min left"),
            (96, bar(5, of: 23) + " 1234/5000 users, 1432 keys, 812 calls/s, 12 throttled, about 3 min left"),
            (83, bar(2, of: 10) + " 1234/5000 users, 1432 keys, 812 calls/s, 12 throttled, about 3 min left"),
            (82, bar(5, of: 22) + " 1234/5000 users, 1432 keys, 12 throttled, about 3 min left"),
            (80, bar(4, of: 20) + " 1234/5000 users, 1432 keys, 12 throttled, about 3 min left"),
            (70, bar(2, of: 10) + " 1234/5000 users, 1432 keys, 12 throttled, about 3 min left"),
            (60, bar(2, of: 11) + " 1234/5000 users, 12 throttled, about 3 min left"),
            (59, bar(2, of: 10) + " 1234/5000 users, 12 throttled, about 3 min left"),
            (58, "1234/5000 users, 12 throttled, about 3 min left"),
            (47, "1234/5000 users, about 3 min left"), (34, "1234/5000 users, about 3 min left"),
            (33, "1234/5000 users"), (16, "1234/5000 users"), (15, "1234/5000 use…"), (2, "…"), (1, ""), (0, ""),
        ] {
            #expect(ProgressDisplay.bar(standing, columns: columns) == expected, "\(columns)")
        }
    }

    @Test func `what is waited for stands in the place of the time left`() {
        let standing = standing(rate: 0, left: nil, outage: "ListAccessKeys ServiceUnavailable")
        let waiting = "waiting for AWS: ListAccessKeys ServiceUnavailable"
        for (columns, expected) in [
            (100, bar(4, of: 20) + " 1234/5000 users, 1432 keys, \(waiting)"),
            (80, bar(2, of: 11) + " 1234/5000 users, \(waiting)"),
            (79, bar(2, of: 10) + " 1234/5000 users, \(waiting)"),
            (78, "1234/5000 users, \(waiting)"), (40, "1234/5000 users"),
        ] {
            #expect(ProgressDisplay.bar(standing, columns: columns) == expected, "\(columns)")
        }
        #expect(
            ProgressDisplay.line(standing)
                == "1234/5000 users, 1432 keys, 0 calls/s, \(waiting)")
    }

    @Test func `only while a call waits it is said`() {
        let time = Mutex(Duration.seconds(10))
        let display = ProgressDisplay(console: Console(quiet: true, noColor: true, environment: [:])) {
            time.withLock(\.self)
        }
        #expect(display.outage == nil)
        display.noteOutage("ListUsers InternalFailure", pause: .seconds(20))
        display.noteOutage("ListAccessKeys no-answer", pause: .seconds(5))
        time.withLock { $0 = .seconds(29) }
        #expect(display.outage == "ListUsers InternalFailure")
        time.withLock { $0 = .seconds(30) }
        #expect(display.outage == nil)
    }

    @Test func `a rate is that of the last seconds, also after a pause`() throws {
        let time = Mutex(Duration.zero)
        let display = ProgressDisplay(console: Console(quiet: true, noColor: true, environment: [:])) {
            time.withLock(\.self)
        }
        func update(at second: Int, users: Int, calls: Int, isListingDone: Bool = true) {
            time.withLock { $0 = .seconds(second) }
            display.update(
                CollectionProgress(
                    usersDone: users, usersListed: 101, isListingDone: isListingDone, keys: users, calls: calls,
                    throttles: 0, waitsForReport: false))
        }
        #expect(display.standing == nil)
        update(at: 5, users: 0, calls: 3)
        #expect(display.standing?.rate == nil)
        update(at: 10, users: 1, calls: 10)
        #expect(display.standing?.rate == nil && display.standing?.left == nil)
        update(at: 12, users: 21, calls: 110)
        #expect(display.standing?.rate == 50 && display.standing?.left == .seconds(8))
        // Whoever goes on listing may list more.
        update(at: 12, users: 21, calls: 110, isListingDone: false)
        #expect(display.standing?.rate == 50 && display.standing?.left == nil)
        // How long it takes nobody can tell while a call waits.
        display.noteOutage("ListUsers InternalFailure", pause: .seconds(101))
        update(at: 112, users: 21, calls: 110)
        #expect(display.standing?.left == nil)
        update(at: 115, users: 81, calls: 410)
        let standing = try #require(display.standing)
        #expect(standing.rate == 100 && standing.left == .seconds(1) && standing.outage == nil)
    }

    @Test func `the time left is in seconds, and from a minute and a half on in minutes`() {
        for (left, words) in [
            (0, "1 s"), (1, "1 s"), (89, "89 s"), (90, "2 min"), (149, "2 min"), (150, "3 min"), (3600, "60 min"),
        ] {
            let line = ProgressDisplay.line(standing(rate: nil, left: .seconds(left)))
            #expect(line.hasSuffix(", about \(words) left"), "\(line)")
        }
    }

    @Test func `nothing is as wide as the terminal, whatever is known`() {
        let huge = (1_000_000, 1_000_000)
        for standing in [
            standing(), standing(users: huge, keys: 2_000_000, throttles: 10_000, left: .seconds(86_400)),
            standing(rate: nil, left: nil), standing(outage: "ListAccessKeys ServiceUnavailable"),
            standing(users: (0, 0)), standing(users: (0, 0), waitsForReport: true),
            standing(users: (0, 1_000_000), isListingDone: false, waitsForReport: true),
        ] {
            for columns in 0...200 {
                #expect(ProgressDisplay.bar(standing, columns: columns).count <= max(0, columns - 1))
            }
        }
    }

    @Test func `where there is no terminal a line has all of it`() {
        #expect(
            ProgressDisplay.line(standing(throttles: 12, isListingDone: false))
                == "1234/5000+ users, 1432 keys, 812 calls/s, 12 throttled, about 3 min left")
        #expect(ProgressDisplay.line(standing(users: (1, 1), keys: 1, rate: nil, left: nil)) == "1/1 users, 1 key")
        #expect(
            ProgressDisplay.line(standing(users: (0, 70), waitsForReport: true))
                == "70 users listed; waiting for AWS to make the credential report")
        // With --source live nobody waits for it.
        let live = standing(users: (5, 70), keys: 7, rate: nil, left: nil, waitsForReport: true)
        #expect(ProgressDisplay.line(live) == "5/70 users, 7 keys")
    }
}
