import FoundationEssentials

extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
    static let getAccountSummary = QueryOperation(.iam, "GetAccountSummary") { call, result throws(AWSError) in
        let summary = call.account.summary(at: call.now)
        result.list("SummaryMap", of: summary.sorted { $0.key < $1.key }, member: "entry") { result, entry in
            result.field("key", entry.key)
            result.field("value", entry.value)
        }
    }
}

extension ServedAccount {
    /// What follows from the account, AWS's default quotas, and the account's own figures over both.
    func summary(at now: Date) -> [String: Int] {
        let present = users.filter { $0.isThere(at: now) }
        let figures = [
            "Users": present.count,
            "MFADevices": present.reduce(0) { $0 + $1.mfaDevices.count } + (account.root.hasMFA ? 1 : 0),
            "MFADevicesInUse": present.reduce(0) { $0 + $1.mfaDevices.count } + (account.root.hasMFA ? 1 : 0),
            "Roles": account.roles?.count ?? 1,
            "AccountAccessKeysPresent": account.root.accessKeys.contains { $0.isThere(at: now) } ? 1 : 0,
            "AccountSigningCertificatesPresent": 0,
            "AccountPasswordPresent": 1,
            "AccountMFAEnabled": account.root.hasMFA ? 1 : 0,
            "Groups": 0, "Policies": 0, "InstanceProfiles": 0, "ServerCertificates": 0, "Providers": 0,
            "PolicyVersionsInUse": 0,
        ]
        return Self.quotas.merging(figures) { $1 }.merging(account.summary) { $1 }
    }

    /// The names of all that IAM tells: those of botocore's `summaryKeyType`.
    static let summaryNames = ServedAccount(MockIAM.Account()).summary(at: .distantPast).keys.sorted()

    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    private static let quotas = [
        "AccessKeysPerUserQuota": 2, "SigningCertificatesPerUserQuota": 2, "UsersQuota": 5000, "GroupsQuota": 300,
        "RolesQuota": 1000, "GroupsPerUserQuota": 10, "UserPolicySizeQuota": 2048, "GroupPolicySizeQuota": 5120,
        "RolePolicySizeQuota": 10240, "AssumeRolePolicySizeQuota": 2048, "PoliciesQuota": 1500,
        "PolicySizeQuota": 6144, "PolicyVersionsInUseQuota": 10000, "VersionsPerPolicyQuota": 5,
        "AttachedPoliciesPerUserQuota": 10, "AttachedPoliciesPerGroupQuota": 10, "AttachedPoliciesPerRoleQuota": 10,
        "InstanceProfilesQuota": 1000, "ServerCertificatesQuota": 20, "GlobalEndpointTokenVersion": 1,
    ]
}
