import CanonicalJSON
import FoundationEssentials
import StrictYAML
import Testing

@Suite("Durations and instants")
struct TimeTests {
    private let clock = Date(timeIntervalSince1970: 1_795_380_300)

    @Test(
        "Durations are numbers with units, the longest first",
        arguments: [
            ("90d", Duration.seconds(90 * 86_400)), ("36h", .seconds(36 * 3600)), ("15m", .seconds(900)),
            ("30s", .seconds(30)), ("250ms", .milliseconds(250)), ("1h30m", .seconds(5400)), ("0s", .zero),
            ("1d2h3m4s5ms", .milliseconds(93_784_005)), ("999999999d", .seconds(999_999_999 * 86_400)),
        ]
    )
    func durations(text: String, expected: Duration) throws {
        #expect(try YAMLValue.made(text).duration() == expected)
        #expect(Duration(spelled: expected.spelled) == expected)
    }

    @Test(
        "Anything else is no duration",
        arguments: ["90", "d", "1.5h", "-1d", "30m1h", "1h1h", "1w", "1H", "1 h", "1000000000d", "", "[1d]", "~"]
    )
    func noDurations(text: String) throws {
        let value = try #require(try YAMLValue.made("a: \(text)").entries().first?.value)
        #expect(
            message { () throws(YAMLError) in try value.duration() }
                .hasPrefix("f.yaml:1: a: expected a duration such as 90d, 36h, 15m, 30s, 250ms or 1h30m, found "))
    }

    @Test("A duration stays in its range")
    func range() throws {
        let value = try YAMLValue.made("13h")
        #expect(
            message { () throws(YAMLError) in try value.duration(in: .seconds(3600) ... .seconds(43_200)) }
                == "f.yaml:1: expected a duration from 1h to 12h, found '13h'")
    }

    @Test(
        "Instants have a Z or an offset",
        arguments: [
            ("2026-11-22T20:45:00Z", 1_795_380_300), ("2026-11-22T21:45:00+01:00", 1_795_380_300),
            ("2026-11-22T15:15:00-0530", 1_795_380_300), ("2026-11-22T20:45:00.250Z", 1_795_380_300.25),
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1), ("2000-02-29T00:00:00Z", 951_782_400),
            ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
        ]
    )
    func instants(text: String, seconds: TimeInterval) throws {
        let date = try YAMLValue.made(text).instant()
        #expect(date == Date(timeIntervalSince1970: seconds))
        #expect(Date(iso8601Instant: date.iso8601Instant) == date)
    }

    @Test(
        "Anything else is no instant",
        arguments: [
            "2026-11-22", "2026-11-22T20:45:00", "2026-11-22 20:45:00Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-11-22T24:00:00Z", "2026-11-22T20:60:00Z", "2026-11-22T20:45:60Z", "2026-11-22T20:45:00.Z",
            "26-11-22T20:45:00Z", "2026-11-22T20:45:00z", "2026-11-22T20:45:00+24:00", "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "2026-11-22T20:45:00Z ", "'x'",
            "~",
        ]
    )
    func noInstants(text: String) throws {
        let value = try #require(
            try YAMLValue.made("{a: \(text.hasSuffix(" ") ? "'\(text)'" : text)}").entries().first?.value)
        #expect(
            message { () throws(YAMLError) in try value.instant() }
                .hasPrefix("f.yaml:1: a: expected an instant such as 2026-11-22T20:45:00Z, found "))
    }

    @Test("An instant is written as it is read back, whatever its fraction")
    func exact() throws {
        #expect(clock.iso8601Instant == "2026-11-22T20:45:00Z")
        #expect((clock + 0.25).iso8601Instant == "2026-11-22T20:45:00.25Z")
        var interval = -1e9
        while interval < 1e9 {
            let date = Date(timeIntervalSinceReferenceDate: interval)
            #expect(Date(iso8601Instant: date.iso8601Instant) == date, "\(interval)")
            interval += 1_234_567.890_123
        }
        let intervals: [TimeInterval] = [
            1e-7, 0.1 + 0.2, 1 / 3, 1e-20, 1.000_000_119_209_289_6, -1.3, -2.000_000_1, 5e10 + 1e-5, 252_423_993_599.5,
        ]
        for interval in intervals {
            let date = Date(timeIntervalSinceReferenceDate: interval)
            #expect(Date(iso8601Instant: date.iso8601Instant) == date, "\(date.iso8601Instant)")
        }
    }

    @Test("What no four digits of a year can say is written as the nearest that can")
    func farAway() {
        #expect(Date.distantFuture.iso8601Instant == "4001-01-01T00:00:00Z")
        #expect(Date(timeIntervalSinceReferenceDate: .nan).iso8601Instant == "9999-12-31T23:59:59Z")
        #expect(Date(timeIntervalSince1970: 1e15).iso8601Instant == "9999-12-31T23:59:59Z")
        #expect(Date(timeIntervalSince1970: -1e15).iso8601Instant == "0001-01-01T00:00:00Z")
    }

    @Test(
        "An instant may be told from another",
        arguments: [
            ("400d ago", -400 * 86_400), ("1h30m ago", -5400), ("in 5s", 5), ("now", 0), ("2026-11-22T20:46:00Z", 60),
        ]
    )
    func relative(text: String, offset: TimeInterval) throws {
        #expect(try YAMLValue.made(text).instant(relativeTo: clock) == clock + offset)
    }

    @Test(
        "What is told from another instant stays in years of four digits", arguments: ["800000d ago", "in 999999999d"])
    func tooFar(text: String) throws {
        let value = try YAMLValue.made(text)
        #expect(
            message { () throws(YAMLError) in try value.instant(relativeTo: clock) }
                == "f.yaml:1: '\(text)' leaves the years from 1 to 9999")
    }

    @Test(
        "What is neither an instant nor told from one is refused",
        arguments: ["400d", "ago", "in", "-5s ago", "yesterday"])
    func noRelative(text: String) throws {
        let value = try YAMLValue.made(text)
        #expect(
            message { () throws(YAMLError) in try value.instant(relativeTo: clock) }
                == "f.yaml:1: expected an instant such as 2026-11-22T20:45:00Z, '400d ago', 'in 5m' or 'now', found '\(text)'"
        )
    }
}
