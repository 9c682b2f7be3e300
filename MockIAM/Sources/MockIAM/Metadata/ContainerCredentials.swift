import CanonicalJSON
import FoundationEssentials
import NIOHTTP1

extension MockIAM {
    /// The token that the container endpoint takes in its `Authorization` header, as
    /// `AWS_CONTAINER_AUTHORIZATION_TOKEN` has it.
    public static let testContainerToken = "mock-container-token"
}

extension ServiceOperation {
    /// What `AWS_CONTAINER_CREDENTIALS_FULL_URI` names. ECS wants no token; a token that comes must be the right one.
    ///
    /// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
    static let getContainerCredentials = ServiceOperation(name: "GetContainerCredentials", errors: .container) {
        call throws(ServiceError) in
        if let token = call.request.headers.first(name: "authorization"), token != MockIAM.testContainerToken {
            throw ServiceError(status: 401, code: "InvalidTokenException", message: "The token provided is invalid")
        }
        return try call.taskCredentials()
    }

    /// What `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` names, below http://169.254.170.2: `/v2/credentials/` and an id.
    static let getTaskCredentials = ServiceOperation(name: "GetContainerCredentials", errors: .container) {
        call throws(ServiceError) in
        guard call.request.path.utf8.count > "/v2/credentials/".utf8.count else {
            throw ServiceError(
                status: 400, code: "NoIdInRequest", message: "CredentialsV2Request: No ID in the request")
        }
        return try getContainerCredentials.body(&call)
    }
}

extension ServiceCall {
    fileprivate mutating func taskCredentials() throws(ServiceError) -> Answer {
        guard let task = Workload.task(in: world.accounts.first) else {
            throw ServiceError(
                status: 400, code: "InvalidIdInRequest", message: "CredentialsV2Request: Credentials not found")
        }
        let credentials = task.credentials(&self).credentials
        return json { json in
            json.member("AccessKeyId", credentials.accessKeyID)
            json.member("Expiration", credentials.expiration.instant)
            json.member("RoleArn", task.account.arn("role\(task.role.path)\(task.role.name)"))
            json.member("SecretAccessKey", credentials.secretAccessKey)
            json.member("Token", credentials.sessionToken)
        }
    }
}
