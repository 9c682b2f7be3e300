import CanonicalJSON
import FoundationEssentials
import PlainText
import StrictYAML

/// What IAM refuses when it is asked to make it. An account file may have it with `allow_invalid: true`, so that
/// clients can be tested with answers that IAM would never give.
///
/// Each rule gives nil for what IAM allows, and otherwise what it wants.
enum IAMRules {
    /// The names of users and roles: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
    static func objection(toName name: String) -> String? {
        let allowed =
            1...64 ~= name.utf8.count && name.utf8.allSatisfy { $0.isASCIIAlphanumeric || "_+=,.@-".utf8.contains($0) }
        return allowed ? nil : "IAM wants 1 to 64 letters, digits and characters of _+=,.@-"
    }

    /// `/` or `/team/backend/`, with any printable ASCII characters in between. See the names.
    static func objection(toPath path: String) -> String? {
        let allowed =
            1...512 ~= path.utf8.count && path.hasPrefix("/") && path.hasSuffix("/")
            && path.utf8.allSatisfy { 0x21...0x7f ~= $0 }
        return allowed ? nil : "IAM wants a path that begins and ends with /, of at most 512 printable ASCII characters"
    }

    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
    ///
    /// What the prefixes mean:
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    static func objection(toKeyID id: String) -> String? {
        let allowed =
            16...128 ~= id.utf8.count && id.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") }
        guard allowed else { return "IAM's key ids have 16 to 128 letters and digits" }
        return id.hasPrefix("ASIA") ? "ids with ASIA are those of temporary credentials; a user's have AKIA" : nil
    }

    /// Of a user's key; the root user is as old as its account, which nobody may have told.
    static func objection(toCreationOf key: MockIAM.AccessKey, since userCreated: Date) -> String? {
        key.created < userCreated ? "a key can't be older than its user" : nil
    }

    static func objection(toChangeOf key: MockIAM.AccessKey) -> String? {
        guard let changed = key.changed, changed < key.created else { return nil }
        return "a key can't have been changed before it was made"
    }

    /// AWS tells the last use to the minute.
    static func objection(toUse use: MockIAM.LastUse?, of key: MockIAM.AccessKey) -> String? {
        guard let use, use.date <= key.created - 60 else { return nil }
        return "a key can't have been used before it was made"
    }

    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html:
    /// `[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]`
    static func objection(toAlias alias: String) -> String? {
        let allowed =
            3...63 ~= alias.utf8.count && !alias.hasPrefix("-") && !alias.hasSuffix("-") && !alias.contains("--")
            && alias == alias.lowercased()
            && alias.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") }
        return allowed
            ? nil : "IAM wants an alias of 3 to 63 lower-case letters, digits and single hyphens between them"
    }

    /// Of keys and other credentials. `Expired` came with keys and credentials that end by themselves.
    static func objection(toStatus status: String) -> String? {
        ["Active", "Inactive", "Expired"].contains(status) ? nil : "IAM knows Active, Inactive and Expired"
    }

    /// Those that aren't deleted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    static func objection(toKeys keys: [MockIAM.AccessKey]) -> String? {
        keys.count { $0.deleted == nil } <= 2 ? nil : "a user has two access keys at most"
    }

    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html, without the pattern of the values, and
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html.
    static func objection(toTags tags: [MockIAM.Tag]) -> String? {
        if tags.count > 50 { return "a user has 50 tags at most" }
        let allowed = tags.allSatisfy { 1...128 ~= $0.key.unicodeScalars.count && $0.value.unicodeScalars.count <= 256 }
        guard allowed else { return "a tag's key has 1 to 128 characters and its value 256 at most" }
        if tags.contains(where: \.key.isReservedTagKey) {
            return "a tag's key doesn't begin with aws:, which is for AWS itself"
        }
        guard tags.allSatisfy({ TextConstraint.tagKey.keepsPattern($0.key) }) else {
            return "a tag's key has letters, digits, spaces and characters of _.:/=+-@"
        }
        let keys = Set(tags.map { $0.key.lowercased() })
        return keys.count == tags.count ? nil : "a user's tags have different keys, whatever their case"
    }

    /// Of what GetAccountSummary says, which has its names from a fixed list:
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
    static func objection(toFigure name: String) -> String? {
        let names = ServedAccount.summaryNames
        if names.contains(name) { return nil }
        let all = name.nearest(in: names).map { "but \($0)" } ?? "only \(names.joined(separator: ", "))"
        return "IAM's summary has no figure \(name.printable(limit: 100)), \(all)"
    }

    /// A report can't be older than its instant, which is when its facts are from.
    static func objection(toReport generated: Date?, at now: Date) -> String? {
        guard let generated, generated > now else { return nil }
        return "a credential report can't have been made after the account's clock, which shows \(now.instant)"
    }

    static func objection(toDeletion deleted: Date?, of what: String, createdAt created: Date) -> String? {
        guard let deleted, deleted < created else { return nil }
        return "a \(what) can't be deleted before it was made"
    }

    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceSpecificCredential.html
    static func objection(toService service: String) -> String? {
        let services = MockIAM.ServiceSpecificCredential.services
        guard !services.contains(service.lowercased()) else { return nil }
        return "IAM has credentials for the services \(services.joined(separator: ", "))"
    }

    /// Nobody could give it: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    static func objection(toExternalID id: String) -> String? {
        TextConstraint.externalID.failures(of: id).isEmpty
            ? nil : "STS wants an external id of 2 to 1224 letters, digits and characters of _+=,.@:/-"
    }

    /// See the external ids.
    static func objection(toSerialNumber serial: String) -> String? {
        TextConstraint.serialNumber.failures(of: serial).isEmpty
            ? nil : "STS wants an MFA device's ARN or number of 9 to 256 letters, digits and characters of _+=/:,.@-"
    }

    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html: no part of a
    /// principal's name or ARN can be a wildcard.
    static func objection(toTrusted trusted: String) -> String? {
        guard trusted != "*", trusted.contains(where: { $0 == "*" || $0 == "?" }) else { return nil }
        return
            "a trust policy names a principal by its whole ARN, without * and ?; an account's 12 digits stand for all "
            + "that are in it"
    }

    /// In seconds: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    static func objection(toSessionDuration seconds: Int) -> String? {
        3600...43_200 ~= seconds ? nil : "the longest session of a role is 1h to 12h"
    }
}

extension MockIAM.Account {
    /// Whether IAM would let it be made. What it wouldn't is written with `allow_invalid`.
    var isAllowedByIAM: Bool {
        let areRolesAllowed = (roles ?? []).allSatisfy {
            IAMRules.objection(toName: $0.name) == nil && IAMRules.objection(toPath: $0.path) == nil
                && IAMRules.objection(toSessionDuration: $0.maximumSessionDuration) == nil
                && $0.externalID.flatMap(IAMRules.objection(toExternalID:)) == nil
                && $0.mfaSerial.flatMap(IAMRules.objection(toSerialNumber:)) == nil
                && ($0.trusts ?? []).allSatisfy { IAMRules.objection(toTrusted: $0) == nil }
        }
        if let alias, IAMRules.objection(toAlias: alias) != nil { return false }
        if let generated = credentialReport.generated {
            // Without a clock of its own nobody can tell when it will be read again, and what the clock shows then.
            guard let clock, IAMRules.objection(toReport: generated, at: clock) == nil else { return false }
        }
        guard summary.keys.allSatisfy({ IAMRules.objection(toFigure: $0) == nil }) else { return false }
        return users.allSatisfy(\.isAllowedByIAM) && root.accessKeys.allSatisfy(\.isAllowedByIAM)
            && IAMRules.objection(toKeys: root.accessKeys) == nil && areRolesAllowed
    }
}

extension MockIAM.User {
    fileprivate var isAllowedByIAM: Bool {
        let areKeysAllowed = accessKeys.allSatisfy { key in
            key.isAllowedByIAM && IAMRules.objection(toCreationOf: key, since: created) == nil
                && IAMRules.objection(toDeletion: key.deleted, of: "key", createdAt: key.created) == nil
        }
        let areServicesAllowed = serviceSpecificCredentials.allSatisfy {
            IAMRules.objection(toService: $0.service) == nil
        }
        let statuses =
            signingCertificates.map(\.status) + sshPublicKeys.map(\.status) + serviceSpecificCredentials.map(\.status)
        return IAMRules.objection(toName: name) == nil && IAMRules.objection(toPath: path) == nil
            && IAMRules.objection(toKeys: accessKeys) == nil && IAMRules.objection(toTags: tags) == nil
            && IAMRules.objection(toDeletion: deleted, of: "user", createdAt: created) == nil
            && areKeysAllowed && areServicesAllowed && statuses.allSatisfy { IAMRules.objection(toStatus: $0) == nil }
    }
}

extension MockIAM.AccessKey {
    fileprivate var isAllowedByIAM: Bool {
        IAMRules.objection(toKeyID: id) == nil && IAMRules.objection(toStatus: status) == nil
            && IAMRules.objection(toChangeOf: self) == nil && IAMRules.objection(toUse: lastUse, of: self) == nil
            && IAMRules.objection(toUse: earlierUse, of: self) == nil
    }
}
