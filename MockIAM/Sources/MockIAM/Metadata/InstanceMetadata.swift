import NIOHTTP1

extension ServiceOperation {
    /// A session of the instance metadata service: `PUT /latest/api/token`. Version 1 of the service, which knows no
    /// sessions, isn't there.
    ///
    /// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html
    static let metadataToken = ServiceOperation(name: "IMDS /latest/api/token", errors: .metadata, method: .PUT) {
        call throws(ServiceError) in
        // A proxy that forwards anything doesn't get a token: that is what sessions are for.
        guard call.request.headers.first(name: "x-forwarded-for") == nil else {
            throw ServiceError(status: 403, code: "Forbidden")
        }
        guard let text = call.request.headers.first(name: "x-aws-ec2-metadata-token-ttl-seconds"),
            let seconds = Int(text), 1...21_600 ~= seconds
        else { throw ServiceError(status: 400, code: "BadRequest") }
        return .metadata(call.world.metadata.token(lasting: seconds), ttl: seconds)
    }

    /// Any other path of the instance metadata service.
    static func metadata(at path: String) -> ServiceOperation {
        ServiceOperation(name: "IMDS \(path.printable())", errors: .metadata) { call throws(ServiceError) in
            guard let token = call.request.headers.first(name: "x-aws-ec2-metadata-token"),
                let remaining = call.world.metadata.remaining(of: token)
            else { throw ServiceError(status: 401, code: "Unauthorized") }
            guard let account = call.world.accounts.first else { throw ServiceError(status: 404, code: "NotFound") }
            let tree = MetadataTree(account: account, instance: Workload.instance(in: account))
            let below = path.hasPrefix("/latest/") ? String(path.dropFirst("/latest/".count)) : ""
            guard let text = tree.text(at: below, &call) else { throw ServiceError(status: 404, code: "NotFound") }
            return .metadata(text, ttl: remaining)
        }
    }
}
