/// What a name is the name of, and what its pseudonym looks like.
enum PseudonymKind: String {
    case account
    case accountAlias = "alias"
    case accountName = "account-name"
    case credential
    case email
    case group
    case instanceProfile = "profile"
    case marker
    case mfaDevice = "mfa"
    /// `o-…`, `ou-…`, `r-…`
    case organization
    case path
    case policy
    case provider
    case requestID = "request"
    case resource
    case role
    case session
    case tagKey = "tag"
    case tagValue = "value"
    /// `AKIA…`, `AIDA…` and the like, and serial numbers.
    case uniqueID = "id"
    case user

    /// Whether texts such as error messages mention it. A path or a tag is too often an everyday word.
    var isMentionedInTexts: Bool {
        switch self {
        case .marker, .path, .tagKey, .tagValue: false
        default: true
        }
    }

    func pseudonym(of text: String, from noise: inout Noise, letters: Int) -> String {
        switch self {
        case .account: noise.digits(12)
        case .email: "mail-\(noise.text(letters, of: .lowercaseBase32))@example.com"
        case .marker:
            // Long and with characters that a form must escape, as the original, because that is what markers test.
            noise.text(max(12, text.utf8.count - text.padding.utf8.count), of: .base64) + text.padding
        case .organization:
            text.organizationPrefix
                + noise.text(max(8, text.utf8.count - text.organizationPrefix.utf8.count), of: .lowercaseBase32)
        case .requestID:
            [8, 4, 4, 4, 12].map { noise.text($0, of: .hexadecimal) }.joined(separator: "-")
        case .uniqueID:
            text.uniqueIDPrefix + Self.idTail(text.utf8.count - text.uniqueIDPrefix.utf8.count, from: &noise)
        case .accountAlias, .accountName, .credential, .group, .instanceProfile, .mfaDevice, .path, .policy, .provider,
            .resource, .role, .session, .tagKey, .tagValue, .user:
            "\(rawValue)-\(noise.text(letters, of: .lowercaseBase32))"
        }
    }

    /// `EXAMPLE` at the end, as in AWS's documentation, so that neither people nor secret scanners take it for a real
    /// one; where there is room for enough that tells ids apart.
    private static func idTail(_ count: Int, from noise: inout Noise) -> String {
        let ending = "EXAMPLE"
        guard count >= ending.utf8.count + 6 else { return noise.text(max(8, count), of: .base32) }
        return noise.text(count - ending.utf8.count, of: .base32) + ending
    }
}

extension String {
    /// The four letters that say what a unique id names; empty where it has none.
    ///
    /// Source: IAM User Guide, "IAM identifiers"
    /// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes).
    var uniqueIDPrefix: String {
        let prefix = String(prefix(4))
        return UniqueID.prefixes.contains(prefix) ? prefix : ""
    }

    fileprivate var padding: String {
        String(suffix(2).drop { $0 != "=" })
    }

    fileprivate var organizationPrefix: String {
        ["ou-", "o-", "r-"].first { hasPrefix($0) } ?? ""
    }
}

/// AWS's unique ids by their shape.
enum UniqueID {
    static let prefixes: Set<String> = [
        "ABIA", "ACCA", "AGPA", "AIDA", "AIPA", "AKIA", "ANPA", "ANVA", "APKA", "AROA", "ASCA", "ASIA",
    ]

    static func looksLike(_ text: some StringProtocol) -> Bool {
        16...128 ~= text.utf8.count && prefixes.contains(String(text.prefix(4)))
            && text.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 }
    }
}
