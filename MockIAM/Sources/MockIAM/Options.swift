package import FoundationEssentials
public import Logging

extension MockIAM {
    /// Where a server listens and how it answers.
    public struct Options: Sendable {
        /// The address or name to listen on.
        public var host: String
        /// The TCP port; 0 takes a free one.
        public var port: Int
        /// Serves over TLS, with a certificate that is fine or one that is wrong in a certain way; nil serves over plain
        /// HTTP.
        public var tls: TLSMode?
        /// Names and addresses that the certificate is for, besides `host`, `localhost` and the loopback addresses.
        public var certificateHosts: [String]
        /// What a request gets after its last recorded answer.
        public var repeatPolicy: RepeatPolicy
        /// Whether signatures are checked.
        public var authentication: Authentication
        /// Secrets by access key id, for the keys that ask the first account and take any session token.
        public var testKeys: [String: String]
        /// Whether the clock runs. It begins at the account's or the recording's instant.
        public var isClockMoving: Bool
        /// How lists of an account are cut into pages.
        public var pages: PageOptions
        /// Whether the elements of an account's answers come in changing order, as AWS reserves it.
        public var variesElementOrder: Bool
        /// Decides whatever AWS would draw at random: the same seed gives the same run.
        public var seed: UInt64
        /// The faults: what goes wrong, and for which requests.
        public var faults: FaultPlan
        /// Whether the control interface, `/_mock/…`, is there.
        public var hasControl: Bool
        /// Whether the server stops by itself once it has served a request and the last connection is closed. Those
        /// of the control interface don't count.
        public var endsWhenLeft: Bool
        /// Reads the server's files again, when it is asked to (`POST /_mock/reload`): what it answers from, and what goes
        /// wrong where a file tells. The same files have to give the same content at any time, or it would be taken for
        /// another. It is told what spans count from where no clock is given; nil is the start.
        package var reload: (@Sendable (_ instant: Date?) throws -> (content: MockIAM.Content, faults: FaultPlan?))?
        /// Hears of requests that had no answer (`warning`) and of every other one (`debug`). Silent unless given.
        public var logger: Logger

        /// Options, each with its default.
        public init(
            host: String = "127.0.0.1", port: Int = 0, tls: TLSMode? = nil, certificateHosts: [String] = [],
            repeat repeatPolicy: RepeatPolicy = .last,
            authentication: Authentication = .strict, testKeys: [String: String] = MockIAM.testKeys,
            isClockMoving: Bool = false, pages: PageOptions = PageOptions(),
            variesElementOrder: Bool = false, seed: UInt64 = 1, faults: FaultPlan = FaultPlan(),
            hasControl: Bool = true, endsWhenLeft: Bool = false,
            logger: Logger = Logger(label: "mock-iam") { _ in SwiftLogNoOpLogHandler() }
        ) {
            self.host = host
            self.port = port
            self.tls = tls
            self.certificateHosts = certificateHosts
            self.repeatPolicy = repeatPolicy
            self.authentication = authentication
            self.testKeys = testKeys
            self.isClockMoving = isClockMoving
            self.pages = pages
            self.variesElementOrder = variesElementOrder
            self.seed = seed
            self.faults = faults
            self.hasControl = hasControl
            self.endsWhenLeft = endsWhenLeft
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

    /// How much is asked of a request's signature.
    public enum Authentication: String, CaseIterable, Sendable {
        /// Signatures aren't looked at.
        case off
        /// The signature of a known key must be right; unsigned requests and unknown keys ask as the default caller.
        case lenient
        /// Every request must be signed with a known key, as AWS has it.
        case strict
    }
}
