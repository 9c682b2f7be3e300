import Testing

@testable import AWSClient

@Suite struct RetryPolicyTests {
    private func policy(_ environment: [String: String] = [:], _ config: String = "") throws -> RetryPolicy {
        try RetryPolicy(
            try SharedConfiguration(profile: nil, environment: environment, home: "/h") {
                $0 == "/h/.aws/config" ? Array(config.utf8) : nil
            })
    }

    @Test func `without a word it adapts, gives throttled calls more attempts, and waits for outages to pass`() throws {
        let usual = RetryPolicy(mode: .adaptive, attempts: 3, throttledAttempts: 8, patience: .seconds(120))
        #expect(try policy() == usual)
        #expect(try policy(["AWS_RETRY_MODE": "adaptive"]) == usual)
    }

    @Test func `what may be answered another time is told from what stays as it is`() {
        let lasting = {
            var error = TransportError(.unreachable, reason: "certificate expired")
            error.isLasting = true
            return AWSError.Reason.transport(error)
        }()
        func service(_ code: String, _ status: Int) -> AWSError.Reason {
            .service(code: code, message: "", status: status)
        }
        func transport(_ kind: TransportError.Kind) -> AWSError.Reason {
            .transport(TransportError(kind, reason: ""))
        }
        let passing = [
            service("InternalFailure", 500), service("ServiceUnavailable", 503), service("Throttling", 400),
            service("BadGateway", 502), service("GatewayTimeout", 504), service("RequestTimeout", 400),
            service("RequestTimeoutException", 400), service("IDPCommunicationError", 400),
            .unreadable(.json("no"), status: 502), transport(.unreachable),
            transport(.timedOut), transport(.interrupted),
        ]
        let staying = [
            service("NoSuchEntity", 404), service("NotImplemented", 501), .unreadable(.json("no"), status: 200),
            transport(.tooLarge),
            transport(.cancelled), transport(.refused), .pagination(""), .credentials(.notFound(tried: [])),
        ]
        for hasAnswered in [true, false] {
            for reason in passing {
                #expect(RetryPolicy.mayPass(reason, hasAnswered: hasAnswered), "\(reason)")
            }
            for reason in staying {
                #expect(!RetryPolicy.mayPass(reason, hasAnswered: hasAnswered), "\(reason)")
            }
        }
        #expect(!RetryPolicy.mayPass(lasting, hasAnswered: false))
        // It worked a moment ago.
        #expect(RetryPolicy.mayPass(lasting, hasAnswered: true))
    }

    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, and botocore's list.
    @Test(arguments: [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException",
    ])
    func `each of AWS's words for too fast is one`(code: String) {
        let reason = AWSError.Reason.service(code: code, message: "", status: 400)
        #expect(RetryPolicy.isThrottling(reason))
        #expect(RetryPolicy(attempts: 1, throttledAttempts: 2).retries(reason, after: 1))
    }

    @Test func `pauses double from a second to twenty`() {
        let delays = (1...7).map { RetryPolicy().delay(after: $0, random: 1) }
        #expect(delays == [1, 2, 4, 8, 16, 20, 20].map { .seconds($0) })
    }

    @Test func `the environment comes before the profile`() throws {
        let config = "[default]\nretry_mode = standard\nmax_attempts = 7"
        #expect(try policy([:], config) == RetryPolicy(mode: .standard, attempts: 7, throttledAttempts: 7))
        let environment = ["AWS_RETRY_MODE": "adaptive", "AWS_MAX_ATTEMPTS": "2"]
        #expect(try policy(environment, config) == RetryPolicy(mode: .adaptive, attempts: 2, throttledAttempts: 2))
    }

    @Test func `standard alone is AWS's own three attempts, legacy its five`() throws {
        #expect(try policy(["AWS_RETRY_MODE": "standard"]) == RetryPolicy(mode: .standard, throttledAttempts: 3))
        #expect(
            try policy(["AWS_RETRY_MODE": "legacy"])
                == RetryPolicy(mode: .standard, attempts: 5, throttledAttempts: 5))
    }

    @Test(arguments: [
        (
            ["AWS_RETRY_MODE": "fast"],
            "AWS_RETRY_MODE: 'fast' is none of standard, adaptive, legacy. Correct it and try again."
        ),
        (
            ["AWS_MAX_ATTEMPTS": "0"],
            "AWS_MAX_ATTEMPTS: '0' isn't a number of attempts of at least 1. Correct it and try again."
        ),
        (
            ["AWS_MAX_ATTEMPTS": "many"],
            "AWS_MAX_ATTEMPTS: 'many' isn't a number of attempts of at least 1. Correct it and try again."
        ),
    ])
    func `nonsense is an error that says where it stands`(environment: [String: String], message: String) throws {
        let error = #expect(throws: CredentialError.self) { try policy(environment) }
        #expect(error?.description == message)
        let inFile = #expect(throws: CredentialError.self) { try policy([:], "[default]\nretry_mode = fast") }
        #expect(inFile?.description.hasPrefix("retry_mode of profile 'default': ") == true)
    }
}
