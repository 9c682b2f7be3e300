/// One operation of the Query protocol: a name, and what it answers.
struct QueryOperation: Sendable {
    /// Reads the parameters and writes the elements of the result.
    typealias Body = @Sendable (_ call: inout QueryCall, _ result: inout ResultXML) throws(AWSError) -> Void

    let service: Service
    let name: String
    /// Whether a request must be signed.
    let isSigned: Bool
    /// Whether a policy can deny it.
    let needsPermission: Bool
    /// Whether the sessions that GetSessionToken hands out may call it.
    let isForUserSessions: Bool
    /// What a denial names.
    let subject: DeniedSubject
    let body: Body

    init(
        _ service: Service, _ name: String, isSigned: Bool = true, needsPermission: Bool = true,
        isForUserSessions: Bool = true, of subject: DeniedSubject = .everything, _ body: @escaping Body
    ) {
        self.service = service
        self.name = name
        self.isSigned = isSigned
        self.needsPermission = needsPermission
        self.isForUserSessions = isForUserSessions
        self.subject = subject
        self.body = body
    }

    /// `iam:ListUsers`, as policies have it.
    var permission: String {
        "\(service.rawValue):\(name)"
    }
}

extension QueryOperation {
    /// Every operation that the emulator knows, by service and name.
    static let all: [String: QueryOperation] = Dictionary(
        uniqueKeysWithValues: (iam + sts).map { ($0.permission, $0) })

    private static let iam: [QueryOperation] = [
        .listUsers, .getUser, .listAccessKeys, .getAccessKeyLastUsed, .getLoginProfile, .generateCredentialReport,
        .getCredentialReport, .getAccountSummary, .getAccountAuthorizationDetails, .listAccountAliases, .listUserTags,
        .listMFADevices, .listSigningCertificates, .listSSHPublicKeys, .listServiceSpecificCredentials,
        .simulatePrincipalPolicy,
    ]

    private static let sts: [QueryOperation] = [
        .getCallerIdentity, .assumeRole, .assumeRoleWithWebIdentity, .getSessionToken, .getAccessKeyInfo,
    ]
}
