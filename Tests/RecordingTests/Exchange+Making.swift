import FoundationEssentials
import Recording

extension Exchange {
    /// An exchange in which nothing is special but what a test says.
    static func made(
        sequence: Int = 1, operation: String = "ListUsers", attempt: Int = 1,
        url: String = "https://iam.amazonaws.com/", requestHeaders: [Header] = [],
        requestBody: String = "Action=ListUsers&Version=2010-05-08",
        outcome: Outcome = .answer(Response(status: 200, body: Array("<ListUsersResponse/>".utf8)))
    ) -> Exchange {
        Exchange(
            sequence: sequence, operation: operation, account: "111122223333", attempt: attempt,
            started: Date(timeIntervalSince1970: 1_795_380_300), milliseconds: 12.5,
            request: Request(url: url, headers: requestHeaders, body: Array(requestBody.utf8)), outcome: outcome
        )
    }
}

extension RecordingManifest {
    static let made = RecordingManifest(
        created: Date(timeIntervalSince1970: 1_795_380_300), account: "111122223333", tool: "RecordingTests",
        clock: Date(timeIntervalSince1970: 1_795_380_300), description: "made by a test"
    )
}
