import FoundationEssentials
import Testing

@testable import AWSClient

@Suite struct ExpirationTests {
    /// What AWS CLI takes from a `credential_process`.
    @Test(arguments: [
        "2026-11-22T20:45:00Z", "2026-11-22T20:45Z", "2026-11-22T20:45+00:00", "2026-11-22T21:45:00,123456789+01:00",
        "20261122T204500Z", "2026-11-22 20:45:00+00:00", "2026-11-22T20:45:00.5Z", "2026-11-22T20:45:00UTC",
    ])
    func `an end is read as programs write it`(text: String) {
        #expect(Date(expiration: text) == Date(timeIntervalSince1970: 1_795_380_300))
    }

    @Test(arguments: [
        "", "2026-11-22", "2026-11-22T20:45:00", "1795380300", "2026-02-30T20:45Z", "2026-11-22T25:00Z", "soon",
    ])
    func `what has no zone, or is no instant, is none`(text: String) {
        #expect(Date(expiration: text) == nil)
    }

    @Test func `an empty session token is none`() {
        let credentials = Credentials(
            accessKeyID: "AKIA1", secretAccessKey: Secret("s"), sessionToken: Secret(""), origin: "a test")
        #expect(credentials.sessionToken == nil)
    }

    /// An answer that says so can't be right, and to count from it would end what is good for a minute more.
    @Test func `an end before the server's own clock is left as it is`() {
        let now = Date(timeIntervalSince1970: 1_795_380_300)
        let end = now + 60
        #expect(end.byClock(ClientClock(now: { now }), serverDate: now + 600, isOff: true) == end)
    }
}
