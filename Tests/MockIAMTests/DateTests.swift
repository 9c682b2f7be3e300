import CanonicalJSON
import Foundation
import Testing

@testable import MockIAM

@Suite("Dates")
struct DateTests {
    /// Instants of the Gregorian calendar, with fractions of a second. Foundation's calendar is the Julian one before.
    private static let instants: [Date] = {
        var random = SplitMix64(seed: 1)
        return (0..<5000).map { _ in
            Date(timeIntervalSince1970: Double(random.number(in: -12_212_553_600_000...253_402_300_799_999)) / 1000)
        }
    }()

    private func format(_ pattern: String) -> DateFormatter {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = .gmt
        format.dateFormat = pattern
        return format
    }

    @Test("Every form of an instant is what Foundation makes of it")
    func writing() {
        let (header, signature) = (format("EEE, dd MMM yyyy HH:mm:ss 'GMT'"), format("yyyyMMdd'T'HHmmss'Z'"))
        for instant in Self.instants {
            let whole = Date(timeIntervalSince1970: instant.timeIntervalSince1970.rounded(.down))
            #expect(instant.instant == whole.formatted(.iso8601))
            #expect(instant.httpDate == header.string(from: whole))
            #expect(SigningDate(instant).text == signature.string(from: whole))
        }
    }

    @Test("Every form of an instant is read back as the same one")
    func reading() {
        for instant in Self.instants {
            let date = SigningDate(instant)
            #expect(SigningDate(iso: date.text) == date)
            #expect(SigningDate(iso: instant.instant) == date)
            #expect(SigningDate(http: instant.httpDate) == date)
            #expect(Date(har: instant.instant) == date.date)
            let east = SigningDate(seconds: date.seconds + 5400)
            #expect(Date(har: east.date.instant.dropLast() + ".25+01:30") == (east + -5400).date + 0.25)
        }
    }

    @Test("What is beyond the years 1 to 9999 is told as the first or the last second of them")
    func beyond() {
        #expect(Date(timeIntervalSince1970: -1e300).httpDate == "Mon, 01 Jan 0001 00:00:00 GMT")
        #expect(Date(timeIntervalSince1970: 1e300).httpDate == "Fri, 31 Dec 9999 23:59:59 GMT")
        #expect(SigningDate(Date(timeIntervalSince1970: -1e300)).text == "00010101T000000Z")
        #expect(SigningDate(Date(timeIntervalSince1970: 1e300)).text == "99991231T235959Z")
    }

    @Test(
        "What is no date isn't read as one",
        arguments: [
            "", "20261122T204500", "2026-11-22T20:45Z", "20261122t204500Z", "20261322T204500Z", "20260229T204500Z",
            "20261122T244500Z", "2026-11-22T20:45:60Z", "+0261122T204500Z", "00001122T204500Z", "2026١122T20450Z",
            "Sun, 22 Nov 2026 20:45:00.5 GMT", "Sun, 22 Nov 2026 20:45 GMT", "Sun, 2 Nov 2026 20:45:00 GMT",
            "Sun, 22 nov 2026 20:45:00 GMT", "Sun 22 Nov 2026 20:45:00 GMT", "Sun,  22 Nov 2026 20:45:00 GMT",
        ])
    func nonsense(text: String) {
        #expect(SigningDate(iso: text) == nil)
        #expect(SigningDate(http: text) == nil)
    }
}
