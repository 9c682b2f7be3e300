import StrictYAML

extension MockIAM.Role {
    private enum Key: String, CaseIterable {
        case name, path, trusts, denied, externalID = "external_id", mfaSerial = "mfa_serial"
        case maximumSessionDuration = "max_session_duration"
    }

    /// A name alone is a role that its own account may assume.
    init(_ value: YAMLValue, in scope: AccountScope) throws(YAMLError) {
        guard value.form != .scalar else {
            self.init(try value.text())
            try scope.heed(IAMRules.objection(toName: name), value)
            return
        }
        let keys = try value.mapping("a role", keys: Key.self)
        let name = try keys.required(.name)
        self.init(try name.text())
        try scope.heed(IAMRules.objection(toName: self.name), name)
        if let path = keys[.path] {
            self.path = try path.text()
            try scope.heed(IAMRules.objection(toPath: self.path), path)
        }
        if let trusts = keys[.trusts] { self.trusts = try Self.trusts(trusts, in: scope) }
        if let id = keys[.externalID] {
            let text = try id.text()
            try scope.heed(IAMRules.objection(toExternalID: text), id)
            externalID = text
        }
        if let serial = keys[.mfaSerial] {
            let text = try serial.text()
            try scope.heed(IAMRules.objection(toSerialNumber: text), serial)
            mfaSerial = text
        }
        if let longest = keys[.maximumSessionDuration] {
            maximumSessionDuration = Int(try longest.duration().components.seconds)
            try scope.heed(IAMRules.objection(toSessionDuration: maximumSessionDuration), longest)
        }
        if let denied = keys[.denied] { self.denied = try denied.actionPatterns() }
    }

    /// One or a list of accounts, ARNs of principals, or `*`.
    private static func trusts(_ value: YAMLValue, in scope: AccountScope) throws(YAMLError) -> [String] {
        var trusts: [String] = []
        for item in value.form == .scalar ? [value] : try value.items() {
            let trusted = try item.text()
            let parts = trusted.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            let account = parts.count == 6 && parts[0] == "arn" ? String(parts[4]) : trusted
            guard trusted == "*" || account.isAccountID else {
                throw item.error(expected: "an account's 12 digits, the ARN of a principal, or *")
            }
            try scope.heed(IAMRules.objection(toTrusted: trusted), item)
            trusts.append(trusted)
        }
        return trusts
    }
}

extension YAMLValue {
    /// `[iam:GetLoginProfile, iam:*Report]`
    func actionPatterns() throws(YAMLError) -> [String] {
        var patterns: [String] = []
        for item in try items() {
            let pattern = try item.text()
            guard pattern == "*" || pattern.contains(":") else {
                throw item.error(expected: "a pattern of actions such as iam:GetLoginProfile or iam:*Report")
            }
            patterns.append(pattern)
        }
        return patterns
    }
}
