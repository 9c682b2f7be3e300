/// When a failed attempt is made again, after how long, and how fast requests may be sent.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
package struct RetryPolicy: Sendable, Equatable {
    package enum Mode: String, Sendable, CaseIterable {
        /// Back off by rand(0, 1) × min(2^(n−1) s, 20 s), within a quota of retries.
        case standard
        /// As ``standard``, and requests are sent at a rate that follows what AWS refuses.
        case adaptive
    }

    package var mode: Mode
    /// How many attempts a call has, the first included.
    package var attempts: Int
    /// How many a throttled call has, and one that nobody took any more though calls had been answered before. A scan of
    /// many users is expected to meet the account's limit, and each user given up makes the scan incomplete: more than
    /// others, unless somebody has said how many.
    package var throttledAttempts: Int
    /// For how long calls of an operation that has been answered before are made again when their attempts are used up,
    /// see ``OutagePatience``; zero where somebody has said how often to try.
    package var patience: Duration
    /// No more requests a second than this, whatever AWS takes; nil for no limit of one's own.
    package var maximumRate: Double?
    /// Whether a client that fails again and again stops retrying. Not for one that is answered from a recording, which
    /// ends its attempts itself.
    package var hasQuota: Bool

    package init(
        mode: Mode = .adaptive, attempts: Int = 3, throttledAttempts: Int = 8, patience: Duration = .zero,
        maximumRate: Double? = nil, hasQuota: Bool = true
    ) {
        self.mode = mode
        self.attempts = attempts
        self.throttledAttempts = throttledAttempts
        self.patience = patience
        self.maximumRate = maximumRate
        self.hasQuota = hasQuota
    }
}

extension RetryPolicy {
    /// How long an outage may last that a run gets over, where nobody has said how often to try.
    static let usualPatience = Duration.seconds(120)

    /// What AWS_RETRY_MODE, AWS_MAX_ATTEMPTS, retry_mode and max_attempts say; adaptive with 3 attempts, and
    /// ``usualPatience``, where they say nothing.
    ///
    /// - Throws: ``CredentialError/invalid(origin:reason:)`` for what isn't a mode or a number.
    package init(_ configuration: SharedConfiguration, maximumRate: Double? = nil) throws(CredentialError) {
        self.init(patience: Self.usualPatience, maximumRate: maximumRate)
        if let (origin, text) = configuration.told("AWS_RETRY_MODE", "retry_mode") {
            switch text.lowercased() {
            case "standard": mode = .standard
            case "adaptive": mode = .adaptive
            case "legacy":
                // Its own rules are AWS CLI's past; its number of attempts is what people chose it for.
                mode = .standard
                attempts = 5
            default: throw .invalid(origin: origin, reason: "'\(text)' is none of standard, adaptive, legacy")
            }
            if mode == .standard {
                throttledAttempts = attempts
                patience = .zero
            }
        }
        if let (origin, text) = configuration.told("AWS_MAX_ATTEMPTS", "max_attempts") {
            guard let number = Int(text), number > 0 else {
                throw .invalid(origin: origin, reason: "'\(text)' isn't a number of attempts of at least 1")
            }
            attempts = number
            throttledAttempts = number
            patience = .zero
        }
    }

    /// Error codes that mean "too fast".
    private static let throttling: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException", "SlowDownException",
    ]
    /// Other error codes that may pass.
    private static let transient: Set<String> = ["RequestTimeout", "RequestTimeoutException", "IDPCommunicationError"]

    static func isThrottling(_ reason: AWSError.Reason) -> Bool {
        if case .service(let code, _, _) = reason { throttling.contains(code) } else { false }
    }

    /// Whether a failure that ended attempt `attempt` (from 1) is worth another.
    ///
    /// - Parameter hasAnswered: as in ``mayPass(_:hasAnswered:)``.
    func retries(_ reason: AWSError.Reason, after attempt: Int, hasAnswered: Bool = false) -> Bool {
        guard Self.mayPass(reason, hasAnswered: hasAnswered) else { return false }
        let hasMore = Self.isThrottling(reason) || hasAnswered && reason.isUnreachable
        return attempt < (hasMore ? throttledAttempts : attempts)
    }

    /// Whether the same call may be answered another time.
    ///
    /// - Parameter hasAnswered: whether the client was ever answered. Where it was, AWS or the way there is out for a
    ///   while; where it never was, the address may be wrong, and whoever waits wants to know.
    static func mayPass(_ reason: AWSError.Reason, hasAnswered: Bool = true) -> Bool {
        switch reason {
        case .service(let code, _, let status):
            isThrottling(reason) || transient.contains(code) || isPassing(status)
        case .transport(let error):
            switch error.kind {
            // What stays as it is isn't worth the wait, unless it has worked a moment ago.
            case .unreachable: hasAnswered || !error.isLasting
            case .timedOut, .interrupted: true
            case .tooLarge, .cancelled, .refused: false
            }
        case .unreadable(_, let status): isPassing(status)
        case .pagination, .credentials: false
        }
    }

    static func isPassing(_ status: Int) -> Bool { [500, 502, 503, 504].contains(status) }

    /// How long to wait after attempt `attempt` (from 1); `random` is from 0 to 1.
    func delay(after attempt: Int, random: Double) -> Duration {
        var ceiling = 1.0
        for _ in 1..<max(1, attempt) { ceiling = min(20, ceiling * 2) }
        return .milliseconds(Int64(random * ceiling * 1000))
    }
}

extension AWSError.Reason {
    /// Whether nobody took the request.
    var isUnreachable: Bool {
        if case .transport(let error) = self { error.kind == .unreachable } else { false }
    }
}

extension SharedConfiguration {
    /// What a variable or else the profile says, and where it says it.
    fileprivate func told(_ variable: String, _ setting: String) -> (origin: String, text: String)? {
        if let text = self.variable(variable) { return (variable, text) }
        return self.setting(setting).map { ("\(setting) of profile '\(profile)'", $0) }
    }
}
