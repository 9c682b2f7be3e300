public import FoundationEssentials

extension MockIAM {
    /// An IAM user and everything that it could sign in or sign requests with.
    public struct User: Sendable, Equatable {
        /// Unique in its account, whatever the case of its letters.
        public var name: String
        /// `/` or `/team/backend/`.
        public var path: String
        /// The unique id, `AIDA…`; derived from account and name unless given.
        public var id: String?
        /// When the user was made.
        public var created: Date
        /// When it was deleted, for a user that only an older credential report still knows.
        public var deleted: Date?
        /// The console password, if there is one.
        public var password: Password?
        /// At most two are possible at AWS; a recording of nonsense may have more.
        public var accessKeys: [AccessKey]
        /// In the order in which they are served.
        public var tags: [Tag]
        /// Virtual and hardware MFA devices.
        public var mfaDevices: [MFADevice]
        /// X.509 signing certificates.
        public var signingCertificates: [SigningCertificate]
        /// SSH keys for CodeCommit.
        public var sshPublicKeys: [SSHPublicKey]
        /// Credentials for one service, such as CodeCommit, Keyspaces or Bedrock.
        public var serviceSpecificCredentials: [ServiceSpecificCredential]

        /// A user without any credentials, unless they are given.
        public init(
            _ name: String, path: String = "/", id: String? = nil, created: Date, deleted: Date? = nil,
            password: Password? = nil, accessKeys: [AccessKey] = [], tags: [Tag] = [], mfaDevices: [MFADevice] = [],
            signingCertificates: [SigningCertificate] = [], sshPublicKeys: [SSHPublicKey] = [],
            serviceSpecificCredentials: [ServiceSpecificCredential] = []
        ) {
            self.name = name
            self.path = path
            self.id = id
            self.created = created
            self.deleted = deleted
            self.password = password
            self.accessKeys = accessKeys
            self.tags = tags
            self.mfaDevices = mfaDevices
            self.signingCertificates = signingCertificates
            self.sshPublicKeys = sshPublicKeys
            self.serviceSpecificCredentials = serviceSpecificCredentials
        }
    }

    /// A console password: what GetLoginProfile and the credential report know of it.
    public struct Password: Sendable, Equatable {
        /// When the login profile was made.
        public var created: Date
        /// When the password was last changed; its creation unless given.
        public var changed: Date?
        /// When it was last used; nil for never, which the credential report calls `no_information`.
        public var lastUsed: Date?
        /// Whether the next sign-in asks for a new one.
        public var resetRequired: Bool

        /// A password that was never used, unless told otherwise.
        public init(created: Date, changed: Date? = nil, lastUsed: Date? = nil, resetRequired: Bool = false) {
            self.created = created
            self.changed = changed
            self.lastUsed = lastUsed
            self.resetRequired = resetRequired
        }
    }

    /// A long-term access key.
    public struct AccessKey: Sendable, Equatable {
        /// `AKIA…`, 16 to 128 characters.
        public var id: String
        /// `Active`, `Inactive` or `Expired`; anything else is served as it stands, for clients that must bear it.
        public var status: String
        /// When the key was made.
        public var created: Date
        /// When it was last changed, such as activated again: a credential report dates a key by that. Nil for never.
        public var changed: Date?
        /// When it was deleted, for a key that only an older credential report still knows.
        public var deleted: Date?
        /// The last use; nil for never.
        public var lastUse: LastUse?
        /// The last use that a report saw which is older than ``lastUse``; nil for none.
        public var earlierUse: LastUse?
        /// With it the key signs requests. Only ever a test's.
        public var secret: String?

        /// An active key that was never used, unless told otherwise.
        public init(
            _ id: String, status: String = "Active", created: Date, changed: Date? = nil, deleted: Date? = nil,
            lastUse: LastUse? = nil, earlierUse: LastUse? = nil, secret: String? = nil
        ) {
            self.id = id
            self.status = status
            self.created = created
            self.changed = changed
            self.deleted = deleted
            self.lastUse = lastUse
            self.earlierUse = earlierUse
            self.secret = secret
        }
    }

    /// When, where and for what a key was last used. IAM knows it in spans of 15 minutes.
    public struct LastUse: Sendable, Equatable {
        /// The instant.
        public var date: Date
        /// The namespace of the service, such as `s3`.
        public var service: String
        /// The region, or `N/A` for services such as S3 that don't tell.
        public var region: String

        /// A use of S3, unless told otherwise.
        public init(_ date: Date, service: String = "s3", region: String = "N/A") {
            self.date = date
            self.service = service
            self.region = region
        }
    }

    /// A key and a value on a user.
    public struct Tag: Sendable, Equatable {
        /// 1 to 128 characters.
        public var key: String
        /// 0 to 256 characters.
        public var value: String

        /// A tag.
        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }
}
