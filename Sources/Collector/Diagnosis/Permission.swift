import AWSClient
import Evidence

/// The permission for an operation of IAM that the collector asks for, and what for.
package struct Permission: Sendable, Equatable {
    /// `ListUsers`
    package var operation: String
    /// What the operation is asked about.
    var subject: Subject
    package var need: Need
    package var reason: String

    /// `iam:ListUsers`, as policies have it.
    package var action: String { "iam:\(operation)" }

    enum Subject: Sendable {
        case account
        case user
        case accessKey
    }

    package enum Need: Sendable, Equatable {
        /// Without it a scan is incomplete.
        case required
        /// Every scan asks for it, and says what it doesn't know without.
        case standard
        /// Only a scan that includes this asks for it.
        case optional(OptionalSource)

        package func isAsked(for sources: Set<OptionalSource>) -> Bool {
            if case .optional(let source) = self { sources.contains(source) } else { true }
        }
    }
}

extension Permission {
    /// All of them, those that every scan needs first.
    package static let all: [Permission] = [
        Permission(
            operation: ListUsers.name, subject: .account, need: .required, reason: "The population of users."),
        Permission(
            operation: ListAccessKeys.name, subject: .user, need: .required,
            reason: "Each user's keys, their ids and status."),
        Permission(
            operation: GetAccessKeyLastUsed.name, subject: .accessKey, need: .required,
            reason: "When a key was last used, where the credential report isn't enough."),
        Permission(
            operation: GenerateCredentialReport.name, subject: .account, need: .standard,
            reason: "AWS's own list of users and keys: to compare with, and to save calls."),
        Permission(
            operation: GetCredentialReport.name, subject: .account, need: .standard,
            reason: "AWS's own list of users and keys: to compare with, and to save calls."),
        Permission(
            operation: GetAccountSummary.name, subject: .account, need: .standard,
            reason:
                "How many users there are, and whether the root user has keys, which else only the report tells."),
        Permission(
            operation: GetLoginProfile.name, subject: .user, need: .standard,
            reason: "Whether a user has a console password, where the credential report isn't enough."),
        Permission(
            operation: ListUserTags.name, subject: .user, need: .optional(.tags),
            reason: "Who owns a user, and which rules of a policy hold for it."),
        Permission(
            operation: ListMFADevices.name, subject: .user, need: .optional(.mfaDevices),
            reason: "Whether a user has MFA."),
        Permission(
            operation: ListServiceSpecificCredentials.name, subject: .user,
            need: .optional(.serviceSpecificCredentials),
            reason: "Other long-lived credentials: those for one service."),
        Permission(
            operation: ListSigningCertificates.name, subject: .user, need: .optional(.signingCertificates),
            reason: "Other long-lived credentials: X.509 certificates."),
        Permission(
            operation: ListSSHPublicKeys.name, subject: .user, need: .optional(.sshPublicKeys),
            reason: "Other long-lived credentials: SSH keys for CodeCommit."),
    ]

    /// What a scan wants of it.
    package enum Demand: Sendable, Equatable {
        /// Without it the scan is incomplete, or may be.
        case required
        /// The scan asks for it, and can do without.
        case wanted
        /// The scan doesn't ask for it.
        case none
    }

    /// What a scan by this plan wants of it.
    package func demand(of plan: CollectionPlan) -> Demand {
        if case .optional(let source) = need {
            guard plan.include.contains(source) else { return .none }
            return plan.decisive.contains(source) ? .required : .wanted
        }
        if plan.source == .report {
            switch operation {
            // The credential report is the population, and has the passwords.
            case ListUsers.name, GetLoginProfile.name: return .none
            case GenerateCredentialReport.name, GetCredentialReport.name: return .required
            case ListAccessKeys.name, GetAccessKeyLastUsed.name: return plan.withoutKeyIDs ? .none : .required
            default: break
            }
        }
        return need == .required ? .required : .wanted
    }

    /// Those that a scan by this plan asks for.
    package static func needed(for plan: CollectionPlan) -> [Permission] {
        all.filter { $0.demand(of: plan) != .none }
    }

    /// Those that every scan asks for, and those of some sources.
    package static func needed(for sources: Set<OptionalSource>) -> [Permission] {
        all.filter { $0.need.isAsked(for: sources) }
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
