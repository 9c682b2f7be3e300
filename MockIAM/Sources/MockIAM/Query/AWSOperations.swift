import StrictYAML

/// The operations that AWS has, whether or not the emulator has them, so that a client which asks for one of the others
/// can be told apart from one that asks for nonsense.
///
/// Source: the service models of botocore 1.43 (botocore/data/iam/2010-05-08 and botocore/data/sts/2011-06-15).
enum AWSOperations {
    static func has(_ name: String, in service: Service) -> Bool {
        switch service {
        case .iam: iam.contains(name)
        case .sts: sts.contains(name)
        case .organizations: false
        }
    }

    /// Permissions that policies name and no operation has
    /// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html and
    /// list_awssecuritytokenservice.html).
    private static let permissionsOnly = names("iam:PassRole sts:TagSession sts:SetSourceIdentity sts:SetContext")

    /// `iam:ListUsers`, `sts:AssumeRole`, …: what policies may name of the two services.
    private static let permissions =
        Set(iam.map { "iam:\($0)" } + sts.map { "sts:\($0)" }).union(permissionsOnly)

    /// What is odd about a pattern of actions such as `iam:Get*`: that none of IAM's and STS's is like it. Nil for one
    /// that is right, and for other services'.
    static func objection(toPattern pattern: String) -> String? {
        let service = pattern.prefix { $0 != ":" }.lowercased()
        guard service == "iam" || service == "sts", !permissions.contains(where: { Glob.matches($0, pattern) })
        else { return nil }
        let advice = pattern.nearest(in: permissions.sorted()).map { "; did you mean '\($0)'?" } ?? ""
        return "'\(pattern.printable())' matches no action of AWS's\(advice)"
    }

    private static let iam = names(
        """
        AcceptDelegationRequest AddClientIDToOpenIDConnectProvider AddRoleToInstanceProfile AddUserToGroup \
        AssociateDelegationRequest AttachGroupPolicy AttachRolePolicy AttachUserPolicy ChangePassword CreateAccessKey \
        CreateAccountAlias CreateDelegationRequest CreateGroup CreateInstanceProfile CreateLoginProfile \
        CreateOpenIDConnectProvider CreatePolicy CreatePolicyVersion CreateRole CreateSAMLProvider \
        CreateServiceLinkedRole CreateServiceSpecificCredential CreateUser CreateVirtualMFADevice DeactivateMFADevice \
        DeleteAccessKey DeleteAccountAlias DeleteAccountPasswordPolicy DeleteGroup DeleteGroupPolicy \
        DeleteInstanceProfile DeleteLoginProfile DeleteOpenIDConnectProvider DeletePolicy DeletePolicyVersion DeleteRole \
        DeleteRolePermissionsBoundary DeleteRolePolicy DeleteSAMLProvider DeleteSSHPublicKey DeleteServerCertificate \
        DeleteServiceLinkedRole DeleteServiceSpecificCredential DeleteSigningCertificate DeleteUser \
        DeleteUserPermissionsBoundary DeleteUserPolicy DeleteVirtualMFADevice DetachGroupPolicy DetachRolePolicy \
        DetachUserPolicy DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions \
        DisableOutboundWebIdentityFederation EnableMFADevice EnableOrganizationsRootCredentialsManagement \
        EnableOrganizationsRootSessions EnableOutboundWebIdentityFederation GenerateCredentialReport \
        GenerateOrganizationsAccessReport GenerateServiceLastAccessedDetails GetAccessKeyLastUsed \
        GetAccountAuthorizationDetails GetAccountPasswordPolicy GetAccountSummary GetContextKeysForCustomPolicy \
        GetContextKeysForPrincipalPolicy GetCredentialReport GetDelegationRequest GetGroup GetGroupPolicy \
        GetHumanReadableSummary GetInstanceProfile GetLoginProfile GetMFADevice GetOpenIDConnectProvider \
        GetOrganizationsAccessReport GetOutboundWebIdentityFederationInfo GetPolicy GetPolicyVersion GetRole \
        GetRolePolicy GetSAMLProvider GetSSHPublicKey GetServerCertificate GetServiceLastAccessedDetails \
        GetServiceLastAccessedDetailsWithEntities GetServiceLinkedRoleDeletionStatus GetUser GetUserPolicy \
        ListAccessKeys ListAccountAliases ListAttachedGroupPolicies ListAttachedRolePolicies ListAttachedUserPolicies \
        ListDelegationRequests ListEntitiesForPolicy ListGroupPolicies ListGroups ListGroupsForUser \
        ListInstanceProfileTags ListInstanceProfiles ListInstanceProfilesForRole ListMFADeviceTags ListMFADevices \
        ListOpenIDConnectProviderTags ListOpenIDConnectProviders ListOrganizationsFeatures ListPolicies \
        ListPoliciesGrantingServiceAccess ListPolicyTags ListPolicyVersions ListRolePolicies ListRoleTags ListRoles \
        ListSAMLProviderTags ListSAMLProviders ListSSHPublicKeys ListServerCertificateTags ListServerCertificates \
        ListServiceSpecificCredentials ListSigningCertificates ListUserPolicies ListUserTags ListUsers \
        ListVirtualMFADevices PutGroupPolicy PutRolePermissionsBoundary PutRolePolicy PutUserPermissionsBoundary \
        PutUserPolicy RejectDelegationRequest RemoveClientIDFromOpenIDConnectProvider RemoveRoleFromInstanceProfile \
        RemoveUserFromGroup ResetServiceSpecificCredential ResyncMFADevice SendDelegationToken SetDefaultPolicyVersion \
        SetSecurityTokenServicePreferences SimulateCustomPolicy SimulatePrincipalPolicy TagInstanceProfile TagMFADevice \
        TagOpenIDConnectProvider TagPolicy TagRole TagSAMLProvider TagServerCertificate TagUser UntagInstanceProfile \
        UntagMFADevice UntagOpenIDConnectProvider UntagPolicy UntagRole UntagSAMLProvider UntagServerCertificate \
        UntagUser UpdateAccessKey UpdateAccountPasswordPolicy UpdateAssumeRolePolicy UpdateDelegationRequest UpdateGroup \
        UpdateLoginProfile UpdateOpenIDConnectProviderThumbprint UpdateRole UpdateRoleDescription UpdateSAMLProvider \
        UpdateSSHPublicKey UpdateServerCertificate UpdateServiceSpecificCredential UpdateSigningCertificate UpdateUser \
        UploadSSHPublicKey UploadServerCertificate UploadSigningCertificate
        """)

    private static let sts = names(
        """
        AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot DecodeAuthorizationMessage GetAccessKeyInfo \
        GetCallerIdentity GetDelegatedAccessToken GetFederationToken GetSessionToken GetWebIdentityToken
        """)

    private static func names(_ text: String) -> Set<String> {
        Set(text.split(separator: " ").map(String.init))
    }
}
