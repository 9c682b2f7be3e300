import AWSClient
import Testing

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
