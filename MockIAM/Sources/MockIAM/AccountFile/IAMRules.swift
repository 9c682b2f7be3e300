import PlainText

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
    static func objection(toKeyID id: String) -> String? {
        let allowed =
            16...128 ~= id.utf8.count && id.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") }
        return allowed ? nil : "IAM's key ids have 16 to 128 letters and digits"
    }

    /// Of keys and other credentials. `Expired` came with keys and credentials that end by themselves.
    static func objection(toStatus status: String) -> String? {
        ["Active", "Inactive", "Expired"].contains(status) ? nil : "IAM knows Active, Inactive and Expired"
    }

    /// Those that aren't deleted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    static func objection(toKeys keys: [MockIAM.AccessKey]) -> String? {
        keys.count { $0.deleted == nil } <= 2 ? nil : "a user has two access keys at most"
    }

    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html, without the pattern of the letters.
    static func objection(toTags tags: [MockIAM.Tag]) -> String? {
        if tags.count > 50 { return "a user has 50 tags at most" }
        let allowed = tags.allSatisfy { 1...128 ~= $0.key.unicodeScalars.count && $0.value.unicodeScalars.count <= 256 }
        return allowed ? nil : "a tag's key has 1 to 128 characters and its value 256 at most"
    }

    /// In seconds: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    static func objection(toSessionDuration seconds: Int) -> String? {
        3600...43_200 ~= seconds ? nil : "the longest session of a role is 1h to 12h"
    }
}

extension MockIAM.Account {
    /// Whether IAM would let it be made. What it wouldn't is written with `allow_invalid`.
    var isAllowedByIAM: Bool {
        users.allSatisfy(\.isAllowedByIAM) && root.accessKeys.allSatisfy(\.isAllowedByIAM)
            && IAMRules.objection(toKeys: root.accessKeys) == nil
            && (roles ?? []).allSatisfy {
                IAMRules.objection(toName: $0.name) == nil && IAMRules.objection(toPath: $0.path) == nil
                    && IAMRules.objection(toSessionDuration: $0.maximumSessionDuration) == nil
            }
    }
}

extension MockIAM.User {
    fileprivate var isAllowedByIAM: Bool {
        IAMRules.objection(toName: name) == nil && IAMRules.objection(toPath: path) == nil
            && IAMRules.objection(toKeys: accessKeys) == nil && IAMRules.objection(toTags: tags) == nil
            && accessKeys.allSatisfy(\.isAllowedByIAM)
            && (signingCertificates.map(\.status) + sshPublicKeys.map(\.status)
                + serviceSpecificCredentials.map(\.status))
                .allSatisfy { IAMRules.objection(toStatus: $0) == nil }
    }
}

extension MockIAM.AccessKey {
    fileprivate var isAllowedByIAM: Bool {
        IAMRules.objection(toKeyID: id) == nil && IAMRules.objection(toStatus: status) == nil
    }
}
