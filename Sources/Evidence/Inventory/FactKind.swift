/// A kind of fact. Control tests say which kinds they need; one of those that could not be read makes a run incomplete.
package enum FactKind: String, Sendable, CaseIterable, Decodable {
    /// Which users and keys there are.
    case population
    case keyStatus = "key-status"
    case lastUse = "last-use"
    case consoleAccess = "console-access"
    case rootKeys = "root-keys"
    /// AWS's count of users, to compare with.
    case accountSummary = "account-summary"
    /// AWS's own list of users and keys, to compare with.
    case credentialReport = "credential-report"
    case tags
    case mfaDevices = "mfa-devices"
    case serviceSpecificCredentials = "service-specific-credentials"
    case signingCertificates = "signing-certificates"
    case sshPublicKeys = "ssh-public-keys"
}
