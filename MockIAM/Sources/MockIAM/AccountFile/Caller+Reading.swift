import StrictYAML

extension MockIAM.Caller {
    private enum Key: String, CaseIterable {
        case principal, denied, accessKeyID = "access_key_id", secretAccessKey = "secret_access_key"
        case sessionToken = "session_token"
    }

    /// - Parameter account: with its users and roles, one of which the caller must be.
    init(_ value: YAMLValue, of account: MockIAM.Account, in scope: inout AccountScope) throws(YAMLError) {
        let keys = try value.mapping("a caller", keys: Key.self)
        let id = try keys.required(.accessKeyID)
        self.init(accessKeyID: try id.text(), secretAccessKey: try keys.required(.secretAccessKey).text())
        try scope.keyIDs.take(accessKeyID, id)
        sessionToken = try keys[.sessionToken]?.text()
        if let principal = keys[.principal] {
            self.principal = try principal.text()
            if let objection = account.objection(toPrincipal: self.principal) { throw principal.error(objection) }
        }
        if let denied = keys[.denied] { self.denied = try denied.actionPatterns() }
    }
}

extension MockIAM.Account {
    /// Why there is no such principal in this account; nil where there is.
    fileprivate func objection(toPrincipal principal: String) -> String? {
        let parts = principal.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count) {
        case ("root", 1): return nil
        case ("user", 2...):
            let name = parts.dropFirst().joined(separator: "/")
            return users.contains { $0.name == name } ? nil : "there is no user '\(name)' in account \(id)"
        case ("assumed-role", 3) where !parts[2].isEmpty:
            guard let roles, !roles.contains(where: { $0.name == parts[1] }) else { return nil }
            return "there is no role '\(parts[1])' in account \(id)"
        default: return "expected root, user/NAME or assumed-role/ROLE/SESSION, found '\(principal)'"
        }
    }
}
