/// What a request is signed with, and where it was found.
package struct Credentials: Sendable, Equatable {
    package var accessKeyID: String
    package var secretAccessKey: Secret
    /// Present with temporary credentials.
    package var sessionToken: Secret?
    /// Where the credentials come from, for people: `environment variables`, `profile 'audit' in ~/.aws/credentials`.
    package var origin: String

    package init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil, origin: String) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.origin = origin
    }
}
