import FoundationEssentials
import MockIAM
import Recording

extension Exchange {
    /// A recorded answer to a form; nil for `body` is an exchange that got none.
    static func made(
        _ form: String, answer body: String?, status: Int = 200, headers: [Header] = [], sequence: Int = 1
    ) -> Exchange {
        Exchange(
            sequence: sequence, operation: "", started: .madeClock,
            request: Request(url: "https://iam.amazonaws.com/", body: Array(form.utf8)),
            outcome: body.map { .answer(Response(status: status, headers: headers, body: Array($0.utf8))) }
                ?? .noAnswer("reset")
        )
    }
}

extension MockIAM.Fixture {
    static func made(_ exchanges: [Exchange]) -> MockIAM.Fixture {
        MockIAM.Fixture(clock: .madeClock, exchanges: exchanges)
    }
}

extension Date {
    /// 2026-11-22T20:45:00Z
    static let madeClock = Date(timeIntervalSince1970: 1_795_380_300)
}
