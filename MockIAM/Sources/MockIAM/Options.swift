public import Logging

extension MockIAM {
    /// Where a server listens and how it answers.
    public struct Options: Sendable {
        /// The address or name to listen on.
        public var host: String
        /// The TCP port; 0 takes a free one.
        public var port: Int
        /// What a request gets after its last recorded answer.
        public var repeatPolicy: RepeatPolicy
        /// Hears of requests that had no answer (`warning`) and of every other one (`debug`). Silent unless given.
        public var logger: Logger

        /// Options, each with its default.
        public init(
            host: String = "127.0.0.1", port: Int = 0, repeat repeatPolicy: RepeatPolicy = .last,
            logger: Logger = Logger(label: "mock-iam") { _ in SwiftLogNoOpLogHandler() }
        ) {
            self.host = host
            self.port = port
            self.repeatPolicy = repeatPolicy
            self.logger = logger
        }
    }

    /// What a request gets that comes more often than it was recorded.
    public enum RepeatPolicy: String, CaseIterable, Sendable {
        /// The last recorded answer again.
        case last
        /// The recorded answers from the first one on.
        case cycle
        /// An error, as an unknown request gets.
        case error
    }
}
