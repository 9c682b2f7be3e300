package import Logging

extension MockIAM {
    /// What a recorder listens to, asks and writes.
    package struct RecordOptions: Sendable {
        package var host: String
        /// The TCP port to listen on; 0 takes a free one.
        package var port: Int
        package var upstream: Upstream
        package var credentials: UpstreamCredentials
        /// The directory that gets the recording.
        package var directory: String
        /// Asked for instead of the region that a caller's signature names.
        package var region: String?
        /// Replaces what names the account as it is written; nil writes it as it is, without secrets.
        package var anonymizer: Anonymizer?
        /// Passes operations on that change something, too.
        package var allowsWrites: Bool
        /// Secrets by access key id that callers may sign with.
        package var testKeys: [String: String]
        /// Ends once the last connection is closed after a request was served.
        package var endsWhenLeft: Bool
        package var logger: Logger

        package init(
            host: String = "127.0.0.1", port: Int = 0, upstream: Upstream, credentials: UpstreamCredentials,
            directory: String, region: String? = nil, anonymizer: Anonymizer? = nil, allowsWrites: Bool = false,
            testKeys: [String: String] = MockIAM.testKeys, endsWhenLeft: Bool = false,
            logger: Logger = Logger(label: "mock-iam") { _ in SwiftLogNoOpLogHandler() }
        ) {
            self.host = host
            self.port = port
            self.upstream = upstream
            self.credentials = credentials
            self.directory = directory
            self.region = region
            self.anonymizer = anonymizer
            self.allowsWrites = allowsWrites
            self.testKeys = testKeys
            self.endsWhenLeft = endsWhenLeft
            self.logger = logger
        }
    }
}
