package import FoundationEssentials

/// What a request is signed with, and where it was found.
package struct Credentials: Sendable, Equatable {
    package var accessKeyID: String
    package var secretAccessKey: Secret
    /// Present with temporary credentials.
    package var sessionToken: Secret?
    /// When they stop working; nil where nobody says.
    package var expiration: Date?
    /// How they were found.
    package var method: CredentialMethod
    /// Where they come from, for people: `environment variables`, `profile 'audit' in ~/.aws/credentials`.
    package var origin: String
    /// Whether fresh ones can be had by themselves: not where somebody had to give a code for them.
    package var isRefreshable = true

    package init(
        accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil, expiration: Date? = nil,
        method: CredentialMethod = .given, origin: String
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
        self.method = method
        self.origin = origin
    }
}

/// The ways to credentials, by the names that AWS CLI gives them (`aws configure list`, column Type).
package enum CredentialMethod: String, Sendable {
    case environment = "env"
    case assumeRole = "assume-role"
    case webIdentity = "assume-role-with-web-identity"
    case sso
    case sharedCredentialsFile = "shared-credentials-file"
    case login
    case process = "custom-process"
    case configFile = "config-file"
    case container = "container-role"
    case instance = "iam-role"
    /// By whoever made the value, such as a test.
    case given
}
