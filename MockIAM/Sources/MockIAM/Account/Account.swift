public import FoundationEssentials

extension MockIAM {
    /// An AWS account as MockIAM serves it: its users with their keys, and who may ask.
    ///
    ///     var account = MockIAM.Account(id: "111122223333", clock: clock)
    ///     account.users = [
    ///         MockIAM.User("ci-deploy", created: clock - 400 * 86_400, accessKeys: [
    ///             MockIAM.AccessKey("AKIAEXAMPLE000000001", created: clock - 380 * 86_400)
    ///         ])
    ///     ]
    ///
    /// A value: a running server is changed by giving it another one.
    public struct Account: Sendable, Equatable {
        /// Twelve digits.
        public var id: String
        /// `aws`, `aws-cn`, `aws-us-gov` and so on; it stands in every ARN.
        public var partition: String
        /// The account's name and e-mail address, as Organizations has them.
        public var name: String
        /// See ``name``.
        public var email: String
        /// The sign-in alias, if there is one.
        public var alias: String?
        /// The instant at which the account's facts are to be judged; nil is the time at which the server starts.
        public var clock: Date?
        /// When the account was opened.
        public var created: Date
        /// In any order; they are served sorted by name, as IAM does it.
        public var users: [User]
        /// The root user.
        public var root: RootUser
        /// The roles that can be assumed; nil lets every role name be assumed by everybody, which is what a test of
        /// something else wants.
        public var roles: [Role]?
        /// The keys that requests may be signed with, besides those of users that have a secret.
        public var callers: [Caller]
        /// How the credential report behaves.
        public var credentialReport: CredentialReportPlan
        /// Figures of GetAccountSummary that differ from what follows from the account, such as quotas.
        public var summary: [String: Int]

        /// An account without users, that the well-known test keys may ask.
        public init(
            id: String = "111122223333", partition: String = "aws", name: String = "mock", email: String? = nil,
            alias: String? = nil, clock: Date? = nil, created: Date = Date(timeIntervalSince1970: 1_420_070_400),
            users: [User] = [], root: RootUser = RootUser(), roles: [Role]? = nil, callers: [Caller] = [],
            credentialReport: CredentialReportPlan = CredentialReportPlan(), summary: [String: Int] = [:]
        ) {
            self.id = id
            self.partition = partition
            self.name = name
            self.email = email ?? "aws+\(id)@example.com"
            self.alias = alias
            self.clock = clock
            self.created = created
            self.users = users
            self.root = root
            self.roles = roles
            self.callers = callers
            self.credentialReport = credentialReport
            self.summary = summary
        }
    }

    /// The root user's credentials.
    public struct RootUser: Sendable, Equatable {
        /// At most two; a healthy account has none.
        public var accessKeys: [AccessKey]
        /// Whether the root user has an MFA device.
        public var hasMFA: Bool
        /// When the root user last signed in; nil for never.
        public var passwordLastUsed: Date?

        /// A root user as it should be: with MFA and without keys.
        public init(accessKeys: [AccessKey] = [], hasMFA: Bool = true, passwordLastUsed: Date? = nil) {
            self.accessKeys = accessKeys
            self.hasMFA = hasMFA
            self.passwordLastUsed = passwordLastUsed
        }
    }

    /// A role that STS AssumeRole can give.
    public struct Role: Sendable, Equatable {
        /// Without path.
        public var name: String
        /// `/` or `/service-role/` and the like.
        public var path: String
        /// The accounts, or ARNs of principals, that may assume it, and for AssumeRoleWithWebIdentity those of OIDC
        /// providers; `*` is everybody. Nil is its own account, with all of its OIDC providers: AWS has no role without a
        /// trust policy, and none that others may have unless the policy names them.
        public var trusts: [String]?
        /// Must be given with AssumeRole, where it is set.
        public var externalID: String?
        /// Serial number or ARN of the MFA device that AssumeRole must name, with any six digits as code, unless a session
        /// asks that GetSessionToken gave for a code.
        public var mfaSerial: String?
        /// The longest session, in seconds, 3,600 to 43,200.
        public var maximumSessionDuration: Int
        /// Patterns of actions (`iam:Get*`) that sessions of this role are denied.
        public var denied: [String]

        /// A role that its own account may assume.
        public init(
            _ name: String, path: String = "/", trusts: [String]? = nil, externalID: String? = nil,
            mfaSerial: String? = nil, maximumSessionDuration: Int = 3600, denied: [String] = []
        ) {
            self.name = name
            self.path = path
            self.trusts = trusts
            self.externalID = externalID
            self.mfaSerial = mfaSerial
            self.maximumSessionDuration = maximumSessionDuration
            self.denied = denied
        }
    }

    /// A key pair that requests may be signed with, and who is behind it.
    public struct Caller: Sendable, Equatable {
        /// The access key id that signs.
        public var accessKeyID: String
        /// Its secret. Only ever a test's.
        public var secretAccessKey: String
        /// Where it is set, requests must carry it.
        public var sessionToken: String?
        /// Who asks: `root`, `user/NAME` or `assumed-role/ROLE/SESSION`.
        public var principal: String
        /// Patterns of actions (`iam:GetLoginProfile`, `iam:*Report`) that get AccessDenied.
        public var denied: [String]

        /// A caller that may read everything, as a session of the role SecurityAudit unless told otherwise.
        public init(
            accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil,
            principal: String = "assumed-role/SecurityAudit/mock-iam", denied: [String] = []
        ) {
            self.accessKeyID = accessKeyID
            self.secretAccessKey = secretAccessKey
            self.sessionToken = sessionToken
            self.principal = principal
            self.denied = denied
        }
    }

    /// How the credential report comes about. AWS makes one on request, in some seconds, and hands the same one out for
    /// four hours.
    public struct CredentialReportPlan: Sendable, Equatable {
        /// A report that was made before the server started, with the facts of that instant; nil where there is none.
        public var generated: Date?
        /// How many calls it takes until a new report is complete: the first GenerateCredentialReport says STARTED, the
        /// ones between INPROGRESS, the last COMPLETE. GetCredentialReport counts, too.
        public var polls: Int

        /// No report yet; a new one is complete at the third call.
        public init(generated: Date? = nil, polls: Int = 3) {
            self.generated = generated
            self.polls = polls
        }
    }
}
