/// When a failed attempt is made again, and after how long.
///
/// As AWS's `standard` retry mode has it: back off by rand(0, 1) × min(2^(n−1) s, 20 s). Throttled calls get more
/// attempts than failing ones, because a scan of many users is expected to meet the account's limit, and each user
/// given up makes the scan incomplete. Source:
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
package struct RetryPolicy: Sendable {
    package var attempts = 3
    package var throttledAttempts = 8

    package init(attempts: Int = 3, throttledAttempts: Int = 8) {
        self.attempts = attempts
        self.throttledAttempts = throttledAttempts
    }

    /// Error codes that mean "too fast".
    private static let throttling: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException",
    ]
    /// Other error codes that may pass.
    private static let transient: Set<String> = ["RequestTimeout", "RequestTimeoutException", "IDPCommunicationError"]

    /// Whether a failure that ended attempt `attempt` (from 1) is worth another.
    func retries(_ reason: AWSError.Reason, after attempt: Int) -> Bool {
        switch reason {
        case .service(let code, _, _) where Self.throttling.contains(code): attempt < throttledAttempts
        case .service(let code, _, let status):
            (Self.transient.contains(code) || [500, 502, 503, 504].contains(status)) && attempt < attempts
        case .transport(let error):
            switch error.kind {
            case .unreachable, .timedOut, .interrupted: attempt < attempts
            case .tooLarge, .cancelled: false
            }
        case .unreadable(_, let status): [500, 502, 503, 504].contains(status) && attempt < attempts
        case .pagination: false
        }
    }

    /// How long to wait after attempt `attempt` (from 1); `random` is from 0 to 1.
    func delay(after attempt: Int, random: Double) -> Duration {
        var ceiling = 1.0
        for _ in 1..<max(1, attempt) { ceiling = min(20, ceiling * 2) }
        return .milliseconds(Int64(random * ceiling * 1000))
    }
}
