import FoundationEssentials
import StrictYAML

extension MockIAM.MFADevice {
    private enum Key: String, CaseIterable { case serial, enabled }

    /// `true` is one virtual device as old as its user; otherwise a list.
    static func list(
        _ value: YAMLValue, of user: MockIAM.User, in scope: AccountScope
    ) throws(YAMLError) -> [MockIAM.MFADevice] {
        let virtual = "arn:\(scope.partition):iam::\(scope.account):mfa/\(user.name)"
        if value.form == .scalar { return try value.bool() ? [MockIAM.MFADevice(virtual, enabled: user.created)] : [] }
        var list: [MockIAM.MFADevice] = []
        for (slot, item) in try value.items().enumerated() {
            let keys = try item.mapping("an MFA device", keys: Key.self)
            let serial = try keys[.serial]?.text() ?? (slot == 0 ? virtual : "\(virtual)-\(slot + 1)")
            let enabled = try keys[.enabled]?.instant(relativeTo: scope.instant)
            list.append(MockIAM.MFADevice(serial, enabled: enabled ?? user.created))
        }
        return list
    }
}

extension MockIAM.SigningCertificate {
    private enum Key: String, CaseIterable { case id, status, uploaded, body }

    static func list(
        _ value: YAMLValue, of user: MockIAM.User, in scope: AccountScope
    ) throws(YAMLError) -> [MockIAM.SigningCertificate] {
        var list: [MockIAM.SigningCertificate] = []
        for (slot, item) in try value.items().enumerated() {
            let keys = try item.mapping("a signing certificate", keys: Key.self)
            let parts = ["signing-certificate", scope.account, user.name, "\(slot + 1)"]
            var certificate = MockIAM.SigningCertificate(
                try keys[.id]?.text() ?? Identifier.letters(32, of: parts, alphabet: .base32),
                uploaded: try keys[.uploaded]?.instant(relativeTo: scope.instant) ?? user.created)
            if let status = try keys[.status]?.status(in: scope) { certificate.status = status }
            if let body = keys[.body] { certificate.body = try body.text() }
            list.append(certificate)
        }
        return list
    }
}

extension MockIAM.SSHPublicKey {
    private enum Key: String, CaseIterable { case id, status, uploaded }

    static func list(
        _ value: YAMLValue, of user: MockIAM.User, in scope: AccountScope
    ) throws(YAMLError) -> [MockIAM.SSHPublicKey] {
        var list: [MockIAM.SSHPublicKey] = []
        for (slot, item) in try value.items().enumerated() {
            let keys = try item.mapping("an SSH public key", keys: Key.self)
            var key = MockIAM.SSHPublicKey(
                try keys[.id]?.text() ?? Identifier.unique("APKA", scope.account, user.name, "\(slot + 1)"),
                uploaded: try keys[.uploaded]?.instant(relativeTo: scope.instant) ?? user.created)
            if let status = try keys[.status]?.status(in: scope) { key.status = status }
            list.append(key)
        }
        return list
    }
}

extension MockIAM.ServiceSpecificCredential {
    private enum Key: String, CaseIterable {
        case id, service, status, created, expires, serviceUserName = "service_user_name"
        case credentialAlias = "credential_alias"
    }

    static func list(
        _ value: YAMLValue, of user: MockIAM.User, in scope: AccountScope
    ) throws(YAMLError) -> [MockIAM.ServiceSpecificCredential] {
        var list: [MockIAM.ServiceSpecificCredential] = []
        for (slot, item) in try value.items().enumerated() {
            let keys = try item.mapping("a service-specific credential", keys: Key.self)
            var credential = MockIAM.ServiceSpecificCredential(
                try keys[.id]?.text() ?? Identifier.unique("ACCA", scope.account, user.name, "\(slot + 1)"),
                created: try keys[.created]?.instant(relativeTo: scope.instant) ?? user.created,
                expires: try keys[.expires]?.instantOrNever(relativeTo: scope.instant),
                serviceUserName: try keys[.serviceUserName]?.text(),
                credentialAlias: try keys[.credentialAlias]?.text())
            if let service = keys[.service] {
                credential.service = try service.text()
                try scope.heed(IAMRules.objection(toService: credential.service), service)
            }
            if let status = try keys[.status]?.status(in: scope) { credential.status = status }
            list.append(credential)
        }
        return list
    }
}

extension YAMLValue {
    fileprivate func status(in scope: AccountScope) throws(YAMLError) -> String {
        let status = try text()
        try scope.heed(IAMRules.objection(toStatus: status), self)
        return status
    }
}
