public import FoundationEssentials

extension MockIAM {
    /// An MFA device of a user.
    public struct MFADevice: Sendable, Equatable {
        /// The ARN of a virtual device or the number of a hardware one.
        public var serialNumber: String
        /// When it was enabled.
        public var enabled: Date

        /// An enabled device.
        public init(_ serialNumber: String, enabled: Date) {
            self.serialNumber = serialNumber
            self.enabled = enabled
        }
    }

    /// An X.509 signing certificate.
    public struct SigningCertificate: Sendable, Equatable {
        /// 24 to 128 letters and digits.
        public var id: String
        /// `Active` or `Inactive`.
        public var status: String
        /// When it was uploaded.
        public var uploaded: Date
        /// The certificate in PEM.
        public var body: String

        /// An active certificate, unless told otherwise.
        public init(
            _ id: String, status: String = "Active", uploaded: Date,
            body: String = "-----BEGIN CERTIFICATE-----\nbW9jay1pYW0=\n-----END CERTIFICATE-----"
        ) {
            self.id = id
            self.status = status
            self.uploaded = uploaded
            self.body = body
        }
    }

    /// An SSH key for CodeCommit.
    public struct SSHPublicKey: Sendable, Equatable {
        /// `APKA…`.
        public var id: String
        /// `Active` or `Inactive`.
        public var status: String
        /// When it was uploaded.
        public var uploaded: Date

        /// An active key, unless told otherwise.
        public init(_ id: String, status: String = "Active", uploaded: Date) {
            self.id = id
            self.status = status
            self.uploaded = uploaded
        }
    }

    /// A user name and password, or a bearer token, for one service.
    public struct ServiceSpecificCredential: Sendable, Equatable {
        /// `ACCA…`.
        public var id: String
        /// `codecommit.amazonaws.com`, `cassandra.amazonaws.com`, `bedrock.amazonaws.com`.
        public var service: String
        /// `Active`, `Inactive` or `Expired`.
        public var status: String
        /// When it was made.
        public var created: Date
        /// When it stops working; nil for never.
        public var expires: Date?
        /// The user name at the service. Nil is `USER-at-ACCOUNT` for CodeCommit and Keyspaces, as AWS makes it, with
        /// `USER+1-at-ACCOUNT` for a second one, and none for the bearer tokens of other services.
        public var serviceUserName: String?
        /// What of a bearer token may be shown; nil for a user name.
        public var credentialAlias: String?

        /// An active credential without expiry, unless told otherwise.
        public init(
            _ id: String, service: String = "codecommit.amazonaws.com", status: String = "Active", created: Date,
            expires: Date? = nil, serviceUserName: String? = nil, credentialAlias: String? = nil
        ) {
            self.id = id
            self.service = service
            self.status = status
            self.created = created
            self.expires = expires
            self.serviceUserName = serviceUserName
            self.credentialAlias = credentialAlias
        }
    }
}
