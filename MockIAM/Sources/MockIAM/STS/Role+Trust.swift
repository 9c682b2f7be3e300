extension MockIAM.Role {
    /// Whether its trust policy lets somebody have it: by account, by ARN (also with `*`), or everybody. A role's ARN
    /// stands for all its sessions; that of a root user is another way to write its account
    /// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts).
    ///
    /// - Parameter account: the role's.
    func mayBeAssumed(by identity: Identity, in account: ServedAccount) -> Bool {
        (trusts ?? [account.id]).contains { trusted in
            if trusted == identity.accountID || trusted == identity.rootARN { return true }
            if Glob.matches(identity.arn, trusted, ignoringCase: false) { return true }
            guard let role = identity.roleARN, let resource = trusted.firstRange(of: ":role/") else { return false }
            // A session's ARN doesn't tell its role's path.
            let name = trusted[resource.upperBound...].split(separator: "/").last ?? ""
            return Glob.matches(role, "\(trusted[..<resource.upperBound])\(name)", ignoringCase: false)
        }
    }
}
