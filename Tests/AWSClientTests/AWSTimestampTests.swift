import AWSClient
import Foundation
import Testing

@Suite struct AWSTimestampTests {
    @Test(arguments: [
        "2026-11-22T20:45:00Z", "2024-02-29T23:59:59+00:00", "1999-12-31T00:00:00Z", "2000-03-01T00:00:00Z",
        "2100-02-28T12:00:00Z", "1970-01-01T00:00:00Z", "1600-02-29T00:00:00Z",
    ])
    func `dates are what Foundation makes of them`(text: String) throws {
        let date = try Date.ISO8601FormatStyle().parse(text)
        #expect(Date(awsTimestamp: text) == date)
        #expect(date.awsTimestamp == date.formatted(Date.ISO8601FormatStyle()))
        let compact = date.formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
        #expect(date.amzDate == compact)
        #expect(Date(amzDate: compact) == date)
    }

    @Test(
        arguments: [
            (-0.25, "1969-12-31T23:59:59Z"), (0.75, "1970-01-01T00:00:00Z"), (-62_135_596_801, "0001-01-01T00:00:00Z"),
            (253_402_300_800, "9999-12-31T23:59:59Z"), (-.infinity, "0001-01-01T00:00:00Z"),
        ] as [(TimeInterval, String)])
    func `what is written is rounded down, and has a year of four digits`(seconds: TimeInterval, text: String) {
        #expect(Date(timeIntervalSince1970: seconds).awsTimestamp == text)
    }

    @Test(arguments: [
        "", "20261122T204500", "20261122T204500Z ", "2026-11-22T20:45:00Z", "20261131T204500Z", "20261122 204500Z",
        "20261122T204560Z", "2026112éT20450Z",
    ])
    func `another form than that of X-Amz-Date is no date`(text: String) {
        #expect(Date(amzDate: text) == nil)
    }

    @Test func `every day comes after the one before, and months have the days that they have`() throws {
        var expected = try #require(Date(awsTimestamp: "1996-01-01T00:00:00Z"))
        for year in 1996...2104 {
            let february = year % 4 == 0 && year != 2100 ? 29 : 28
            for (month, length) in zip(1..., [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
                for day in 1...length + 1 {
                    let text = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)T00:00:00Z"
                    #expect(Date(awsTimestamp: text) == (day > length ? nil : expected), "\(text)")
                    if day <= length { expected += 86_400 }
                }
            }
        }
    }

    @Test(arguments: [
        ("0001-01-01T00:00:00Z", true), ("0001-01-01T00:00:00+00:01", false), ("9999-12-31T23:59:59Z", true),
        ("9999-12-31T23:59:59-00:01", false), ("9999-12-31T23:59:59-23:59", false),
    ])
    func `an instant whose year can't be written in four digits is none`(text: String, isRead: Bool) {
        #expect((Date(awsTimestamp: text) != nil) == isRead)
    }

    @Test(arguments: ["2023-02-29T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z"])
    func `a day or an hour that doesn't exist is none`(text: String) {
        #expect(Date(awsTimestamp: text) == nil)
    }
}
