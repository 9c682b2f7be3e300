import FoundationEssentials
import StrictYAML

extension MockIAM.User {
    private enum Key: String, CaseIterable {
        case name, path, id, created, deleted, password, keys, tags, mfa
        case signingCertificates = "signing_certificates"
        case sshPublicKeys = "ssh_public_keys"
        case serviceCredentials = "service_credentials"
    }

    init(_ value: YAMLValue, in scope: inout AccountScope) throws(YAMLError) {
        let keys = try value.mapping("a user", keys: Key.self)
        let name = try keys.required(.name)
        self.init(try name.text(), created: try keys.required(.created).instant(relativeTo: scope.instant))
        guard !self.name.isEmpty else { throw name.error("a user needs a name") }
        try scope.heed(IAMRules.objection(toName: self.name), name)
        if let path = keys[.path] {
            self.path = try path.text()
            try scope.heed(IAMRules.objection(toPath: self.path), path)
        }
        id = try keys[.id]?.text()
        if let instant = keys[.deleted] {
            deleted = try instant.instant(relativeTo: scope.instant)
            try scope.heed(IAMRules.objection(toDeletion: deleted, of: "user", createdAt: created), instant)
        }
        if let password = keys[.password] { self.password = try MockIAM.Password?(password, of: self, in: scope) }
        if let list = keys[.keys] {
            accessKeys = try MockIAM.AccessKey.list(list, of: self.name, since: created, in: &scope)
        }
        if let tags = keys[.tags] {
            self.tags = try Self.tags(tags)
            try scope.heed(IAMRules.objection(toTags: self.tags), tags)
        }
        if let mfa = keys[.mfa] { mfaDevices = try MockIAM.MFADevice.list(mfa, of: self, in: scope) }
        if let list = keys[.signingCertificates] {
            signingCertificates = try MockIAM.SigningCertificate.list(list, of: self, in: scope)
        }
        if let list = keys[.sshPublicKeys] { sshPublicKeys = try MockIAM.SSHPublicKey.list(list, of: self, in: scope) }
        if let list = keys[.serviceCredentials] {
            serviceSpecificCredentials = try MockIAM.ServiceSpecificCredential.list(list, of: self, in: scope)
        }
    }

    private enum TagKey: String, CaseIterable { case key, value }

    /// `{owner: platform}`, or a list of `{key: owner, value: platform}`, which may repeat a key.
    private static func tags(_ value: YAMLValue) throws(YAMLError) -> [MockIAM.Tag] {
        var tags: [MockIAM.Tag] = []
        if value.form == .mapping {
            for (key, value) in try value.entries() { tags.append(MockIAM.Tag(key, try value.text())) }
        } else {
            for item in try value.items() {
                let keys = try item.mapping("a tag", keys: TagKey.self)
                tags.append(MockIAM.Tag(try keys.required(.key).text(), try keys.required(.value).text()))
            }
        }
        return tags
    }
}

extension MockIAM.Password? {
    private enum Key: String, CaseIterable {
        case created, changed, lastUsed = "last_used", resetRequired = "reset_required"
    }

    /// `true` is one as old as its user; `false` is none.
    fileprivate init(_ value: YAMLValue, of user: MockIAM.User, in scope: AccountScope) throws(YAMLError) {
        guard value.form == .mapping else {
            guard value.form == .scalar else { throw value.error(expected: "true, false or a password's keys") }
            self = try value.bool() ? MockIAM.Password(created: user.created) : nil
            return
        }
        let keys = try value.mapping("a password", keys: Key.self)
        self = MockIAM.Password(
            created: try keys[.created]?.instant(relativeTo: scope.instant) ?? user.created,
            changed: try keys[.changed]?.instant(relativeTo: scope.instant),
            lastUsed: try keys[.lastUsed]?.instantOrNever(relativeTo: scope.instant),
            resetRequired: try keys[.resetRequired]?.bool() ?? false)
    }
}

extension YAMLValue {
    /// An instant, or `never`, which is nil.
    func instantOrNever(relativeTo now: Date) throws(YAMLError) -> Date? {
        if form == .scalar, try text() == "never" { return nil }
        return try instant(relativeTo: now)
    }
}
