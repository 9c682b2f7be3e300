/// The account's root user, who is in no list of users.
package struct RootUser: Sendable, Equatable {
    /// What the credential report calls it. No IAM user's name has such brackets.
    package static let name = "<root_account>"

    /// Whether there are access keys, by the account summary (`AccountAccessKeysPresent`); nil where it could not be read.
    package var accessKeysPresent: Bool?
    package var hasMFA: Bool?
    /// Where these two come from.
    package var summary: Provenance?
    /// The keys by slot, without ids, by the credential report; nil where it could not be read or has no root user.
    package var keys: [AccessKey]?

    package init(
        accessKeysPresent: Bool? = nil, hasMFA: Bool? = nil, summary: Provenance? = nil, keys: [AccessKey]? = nil
    ) {
        self.accessKeysPresent = accessKeysPresent
        self.hasMFA = hasMFA
        self.summary = summary
        self.keys = keys
    }
}
