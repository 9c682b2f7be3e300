extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html
    ///
    /// The one list of credentials that can be had for all users at once.
    static let listServiceSpecificCredentials = QueryOperation(
        .iam, "ListServiceSpecificCredentials", of: .ownUser,
        reading: { parameters throws(AWSError) in
            (
                service: parameters.text("ServiceName", .anything), allUsers: try parameters.flag("AllUsers"),
                page: try PageParameters(of: &parameters, user: .newUserName)
            )
        }
    ) { call, asked, result throws(AWSError) in
        // In whatever case, and an empty one is none, as captures of live answers have it.
        let service = asked.service.flatMap { $0.isEmpty ? nil : $0.lowercased() }
        let allUsers = asked.allUsers
        let user = asked.page.userName ?? call.identity.userName ?? ""
        let page = try call.page(asked.page, of: [service ?? "", "\(allUsers)", user.lowercased()])
        guard !allUsers || !call.namesUser else {
            throw .validation("AllUsers and UserName cannot be specified together.")
        }
        if let service, !MockIAM.ServiceSpecificCredential.services.contains(service) {
            // The model has NotSupportedService for it. LocalStack recorded this of AWS on 2025-03-06
            // (https://github.com/localstack/localstack, tests/aws/services/iam/test_iam.snapshot.json).
            throw .noSuchEntity("No such service \(asked.service ?? "") is supported for Service Specific Credentials")
        }
        let (now, accountID) = (call.now, call.account.id)
        var users: [MockIAM.User] = []
        if allUsers {
            users = call.account.users.filter { $0.isThere(at: now) }
        } else if !call.isRootItself {
            // The root user has none.
            users = [try call.user(namedOrCaller: asked.page.userName)]
        }
        let all = users.flatMap { user in
            user.namedServiceCredentials(in: accountID)
                .filter { service == nil || $0.credential.service.lowercased() == service }
                .map { (userName: user.name, credential: $0.credential, serviceUserName: $0.userName) }
        }
        let (credentials, next) = page.cut(all, by: \.credential.id)
        // In this answer both are optional; the others say IsTruncated always.
        result.pagination(page, next: next)
        result.list("ServiceSpecificCredentials", of: credentials) { result, listed in
            let credential = listed.credential
            result.field("UserName", listed.userName)
            result.field("Status", credential.status)
            result.field("ServiceUserName", listed.serviceUserName)
            result.field("ServiceCredentialAlias", credential.credentialAlias)
            result.field("CreateDate", credential.created)
            result.field("ExpirationDate", credential.expires)
            result.field("ServiceSpecificCredentialId", credential.id)
            result.field("ServiceName", credential.service)
        }
    }

}

extension MockIAM.ServiceSpecificCredential {
    /// The services that have them.
    static let services = [
        "codecommit.amazonaws.com", "cassandra.amazonaws.com", "bedrock.amazonaws.com", "logs.amazonaws.com",
        "cloudwatch.amazonaws.com", "aws-external-anthropic.amazonaws.com",
    ]
}

extension MockIAM.User {
    /// The credentials with their user names at the service. Unless one is told, it is made as AWS makes it of the user's
    /// name and the account, with `+1` for a second one of the same service, and so on
    /// (https://docs.aws.amazon.com/cli/latest/reference/iam/create-service-specific-credential.html). A bearer token has
    /// none.
    fileprivate func namedServiceCredentials(
        in account: String
    ) -> [(credential: MockIAM.ServiceSpecificCredential, userName: String?)] {
        var taken: [String: Set<String>] = [:]
        for credential in serviceSpecificCredentials {
            if let told = credential.serviceUserName { taken[credential.service, default: []].insert(told) }
        }
        return serviceSpecificCredentials.map { credential in
            let hasUserName = ["codecommit.amazonaws.com", "cassandra.amazonaws.com"].contains(credential.service)
            guard credential.serviceUserName == nil, hasUserName, credential.credentialAlias == nil else {
                return (credential, credential.serviceUserName)
            }
            let names = (0...).lazy.map { "\(name)\($0 == 0 ? "" : "+\($0)")-at-\(account)" }
            return (credential, names.first { taken[credential.service, default: []].insert($0).inserted })
        }
    }
}
