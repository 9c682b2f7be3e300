import PlainText
import Recording

extension Pseudonyms {
    /// The anonymised form of `arn:partition:service:region:account:resource`. AWS's own resources, such as managed
    /// policies, which belong to the account `aws`, are everybody's and stay.
    mutating func arn(_ text: String) -> String {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[1].isLabel, parts[2].isLabel, parts[3].isLabel else {
            return Scrubber.redacted
        }
        if parts[4] == "aws" {
            return parts[5].utf8.allSatisfy { $0.isASCIIAlphanumeric || "/_-".utf8.contains($0) }
                ? text : Scrubber.redacted
        }
        let owner = parts[4].isEmpty ? "" : account(parts[4])
        let resource =
            switch parts[2] {
            case "iam": iamResource(parts[5])
            case "sts": stsResource(parts[5])
            case "organizations": organizationsResource(parts[5])
            default: otherResource(parts[5])
            }
        return "\(parts[0..<4].joined(separator: ":")):\(owner):\(resource)"
    }

    /// `user/PATH/NAME` and the like.
    private mutating func iamResource(_ text: String) -> String {
        if text == "root" || text == "*" { return text }
        var segments = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard segments.count > 1, let kind = Self.iamKinds[segments[0]] else { return otherResource(text) }
        for index in segments.indices.dropFirst() where segments[index] != "*" {
            let isName = index == segments.count - 1
            segments[index] =
                switch kind {
                case .user where isName: userName(segments[index])
                case _ where isName: pseudonym(of: segments[index], as: kind)
                case .mfaDevice where index == 1 && segments[1] == "user": "user"
                case .mfaDevice where index == 2 && segments[1] == "user": userName(segments[index])
                default: pseudonym(of: segments[index], as: .path)
                }
        }
        return segments.joined(separator: "/")
    }

    private static let iamKinds: [String: PseudonymKind] = [
        "user": .user, "group": .group, "role": .role, "policy": .policy, "instance-profile": .instanceProfile,
        "mfa": .mfaDevice, "sms-mfa": .mfaDevice, "u2f": .mfaDevice, "oidc-provider": .provider,
        "saml-provider": .provider, "server-certificate": .resource, "access-report": .resource,
    ]

    /// `assumed-role/ROLE/SESSION`, `federated-user/NAME`
    private mutating func stsResource(_ text: String) -> String {
        let segments = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        switch (segments[0], segments.count) {
        case ("assumed-role", 3):
            let role = segments[1] == "*" ? "*" : pseudonym(of: segments[1], as: .role)
            return "assumed-role/\(role)/\(segments[2] == "*" ? "*" : pseudonym(of: segments[2], as: .session))"
        case ("federated-user", 2):
            return "federated-user/\(pseudonym(of: segments[1], as: .session))"
        case ("root", 1), ("self", 1), ("*", 1):
            return text
        default: return otherResource(text)
        }
    }

    /// `account/o-exampleorgid/111122223333`
    private mutating func organizationsResource(_ text: String) -> String {
        let segments = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard segments.count > 1,
            ["account", "handshake", "organization", "ou", "policy", "root"].contains(segments[0])
        else { return otherResource(text) }
        return segments[0] + segments.dropFirst().reduce(into: "") { $0 += "/\(organizationID($1))" }
    }

    private mutating func otherResource(_ text: String) -> String {
        text == "*" ? text : pseudonym(of: text, as: .resource)
    }
}

extension String {
    /// A partition, service or region.
    fileprivate var isLabel: Bool {
        utf8.count <= 32 && !isAccountID && utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") }
    }
}
