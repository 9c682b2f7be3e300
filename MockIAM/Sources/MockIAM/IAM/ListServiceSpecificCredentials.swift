extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html
    ///
    /// The one list of credentials that can be had for all users at once.
    static let listServiceSpecificCredentials = QueryOperation(.iam, "ListServiceSpecificCredentials", of: .user) {
        call, result throws(AWSError) in
        let service = call.parameters.text("ServiceName", .anything)
        let allUsers = try call.parameters.flag("AllUsers")
        let page = try call.page(user: .newUserName)
        guard !allUsers || !call.namesUser else {
            throw .validation("AllUsers and UserName cannot be specified together.")
        }
        if let service, !knownServices.contains(service) {
            // The model has NotSupportedService for it. LocalStack recorded this of AWS on 2025-03-06
            // (https://github.com/localstack/localstack, tests/aws/services/iam/test_iam.snapshot.json).
            throw .noSuchEntity("No such service \(service) is supported for Service Specific Credentials")
        }
        let (now, accountID) = (call.now, call.account.id)
        var users: [MockIAM.User] = []
        if allUsers {
            users = call.account.users.filter { $0.isThere(at: now) }
        } else if !call.isRootItself {
            // The root user has none.
            users = [try call.userNamedOrCaller(.newUserName)]
        }
        let all = users.flatMap { user in
            user.serviceSpecificCredentials.filter { service == nil || $0.service == service }.map { (user.name, $0) }
        }
        let (credentials, next) = page.cut(all) { $0.1.id }
        // In this answer both are optional; the others say IsTruncated always.
        result.pagination(page, next: next)
        result.list("ServiceSpecificCredentials", of: credentials) { result, pair in
            let (userName, credential) = pair
            result.field("UserName", userName)
            result.field("Status", credential.status)
            result.field("ServiceUserName", credential.shownServiceUserName(of: userName, in: accountID))
            result.field("ServiceCredentialAlias", credential.credentialAlias)
            result.field("CreateDate", credential.created)
            result.field("ExpirationDate", credential.expires)
            result.field("ServiceSpecificCredentialId", credential.id)
            result.field("ServiceName", credential.service)
        }
    }

    private static let knownServices: Set = [
        "codecommit.amazonaws.com", "cassandra.amazonaws.com", "bedrock.amazonaws.com", "logs.amazonaws.com",
    ]
}

extension MockIAM.ServiceSpecificCredential {
    /// The user name at the service. Unless one is told, it is made as AWS makes it of the user's name and the account
    /// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_service-specific-creds.html); a bearer token has
    /// none.
    fileprivate func shownServiceUserName(of user: String, in account: String) -> String? {
        let hasUserName = ["codecommit.amazonaws.com", "cassandra.amazonaws.com"].contains(service)
        return serviceUserName ?? (hasUserName && credentialAlias == nil ? "\(user)-at-\(account)" : nil)
    }
}
