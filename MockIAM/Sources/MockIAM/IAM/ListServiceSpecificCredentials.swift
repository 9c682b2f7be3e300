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
            throw AWSError(
                status: 404, code: "NotSupportedService",
                message: "The service \(service) does not support service specific credentials.")
        }
        let now = call.now
        let users =
            allUsers ? call.account.users.filter { $0.isThere(at: now) } : [try call.userNamedOrCaller(.newUserName)]
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
            result.field("ServiceUserName", credential.serviceUserName)
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
