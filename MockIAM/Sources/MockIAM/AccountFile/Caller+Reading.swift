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
        switch Identity.Principal(principal) {
        case .root: return nil
        case .user(let name):
            return users.contains { $0.name == name } ? nil : "there is no user '\(name)' in account \(id)"
        case .role(let name, _):
            guard let roles, !roles.contains(where: { $0.name == name }) else { return nil }
            return "there is no role '\(name)' in account \(id)"
        case nil: return "expected root, user/NAME or assumed-role/ROLE/SESSION, found '\(principal)'"
        }
    }
}
