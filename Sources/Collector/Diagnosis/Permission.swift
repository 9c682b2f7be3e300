/// An AWS action that the collector asks for, and what for.
package struct Permission: Sendable, Equatable {
    /// `iam:ListUsers`, as policies have it.
    package var action: String
    /// The source of facts that needs it; nil for what every scan needs.
    package var source: OptionalSource?
    package var reason: String
}

/// Facts that a scan can do without.
package enum OptionalSource: String, CaseIterable, Sendable {
    case accountSummary = "account-summary"
    case credentialReport = "credential-report"
    case tags
    case mfaDevices = "mfa-devices"
    case serviceSpecificCredentials = "service-specific-credentials"
    case signingCertificates = "signing-certificates"
    case sshPublicKeys = "ssh-public-keys"
}

extension Permission {
    /// All of them, those that every scan needs first.
    package static let all: [Permission] = [
        Permission(action: "iam:ListUsers", reason: "The population of users."),
        Permission(action: "iam:ListAccessKeys", reason: "Each user's keys, their status and age."),
        Permission(action: "iam:GetAccessKeyLastUsed", reason: "When each key was last used."),
        Permission(
            action: "iam:GetLoginProfile",
            reason: "Whether a user has a console password. Denied, the scan is incomplete."),
        Permission(
            action: "iam:GetAccountSummary", source: .accountSummary,
            reason: "How many users there are, and whether the root user has keys."),
        Permission(
            action: "iam:GenerateCredentialReport", source: .credentialReport,
            reason: "AWS's own list of users and keys, to compare with."),
        Permission(
            action: "iam:GetCredentialReport", source: .credentialReport,
            reason: "AWS's own list of users and keys, to compare with."),
        Permission(action: "iam:ListUserTags", source: .tags, reason: "Who owns a user."),
        Permission(action: "iam:ListMFADevices", source: .mfaDevices, reason: "Whether a user has MFA."),
        Permission(
            action: "iam:ListServiceSpecificCredentials", source: .serviceSpecificCredentials,
            reason: "Other long-lived credentials: those for one service."),
        Permission(
            action: "iam:ListSigningCertificates", source: .signingCertificates,
            reason: "Other long-lived credentials: X.509 certificates."),
        Permission(
            action: "iam:ListSSHPublicKeys", source: .sshPublicKeys,
            reason: "Other long-lived credentials: SSH keys for CodeCommit."),
    ]

    /// Those that every scan needs, and those of some sources.
    package static func needed(for sources: Set<OptionalSource>) -> [Permission] {
        all.filter { permission in permission.source.map(sources.contains) ?? true }
    }

    private init(action: String, reason: String) {
        self.init(action: action, source: nil, reason: reason)
    }
}

extension [Permission] {
    /// The IAM policy that grants them and nothing else. `sts:GetCallerIdentity` needs no grant.
    package var policyDocument: String {
        let actions = map { "        \"\($0.action)\"" }.joined(separator: ",\n")
        return """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Sid": "KeyWitness",
                  "Effect": "Allow",
                  "Action": [
            \(actions)
                  ],
                  "Resource": "*"
                }
              ]
            }

            """
    }
}
