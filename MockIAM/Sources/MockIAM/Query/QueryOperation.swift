/// One operation of the Query protocol: a name, and what it answers.
///
/// AWS looks at a request in this order, as captures of live answers show: who signed it, what its parameters look like,
/// whether the caller may ask that, and then what it means and whether it is there.
struct QueryOperation: Sendable {
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
    /// Whether a denial says which kind of policy is to blame. AssumeRole's never does: it would tell who asks that the
    /// role's trust policy isn't [live].
    var tellsWhyDenied: Bool { name != "AssumeRole" }
    /// Writes the elements of the result, for who may ask.
    let body: Body

    /// - Parameters:
    ///   - read: reads the parameters. What they look like is checked before anybody asks who may call it.
    ///   - answer: writes the elements of the result, from what was read.
    init<Input>(
        _ service: Service, _ name: String, isSigned: Bool = true, needsPermission: Bool = true,
        isForUserSessions: Bool = true, of subject: DeniedSubject = .everything,
        reading read: @escaping @Sendable (_ parameters: inout Parameters) throws(AWSError) -> Input,
        _ answer:
            @escaping @Sendable (_ call: inout QueryCall, _ asked: Input, _ result: inout ResultXML) throws(AWSError) ->
            Void
    ) {
        self.init(
            service, name, isSigned: isSigned, needsPermission: needsPermission, isForUserSessions: isForUserSessions,
            subject: subject
        ) { call, result throws(AWSError) in
            let asked = try read(&call.parameters)
            try call.parameters.check()
            try call.authorize()
            try answer(&call, asked, &result)
        }
    }

    /// One that has no parameters.
    init(_ service: Service, _ name: String, needsPermission: Bool = true, _ answer: @escaping Body) {
        self.init(
            service, name, isSigned: true, needsPermission: needsPermission, isForUserSessions: true,
            subject: .everything
        ) { call, result throws(AWSError) in
            try call.authorize()
            try answer(&call, &result)
        }
    }

    private init(
        _ service: Service, _ name: String, isSigned: Bool, needsPermission: Bool, isForUserSessions: Bool,
        subject: DeniedSubject, body: @escaping Body
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
