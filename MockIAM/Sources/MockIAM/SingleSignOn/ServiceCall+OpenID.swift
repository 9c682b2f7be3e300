extension ServiceCall {
    func openIDInput(_ name: String) throws(ServiceError) -> String {
        guard let value = input.text(name), !value.isEmpty else {
            throw .openID("InvalidRequestException", "Invalid request: \(name) is required")
        }
        return value
    }

    /// - Throws: InvalidClientException for one that isn't registered, or has another secret.
    func client() throws(ServiceError) -> String {
        let (id, secret) = (try openIDInput("clientId"), try openIDInput("clientSecret"))
        guard world.signOn.isClient(id, secret: secret) else {
            throw ServiceError(status: 401, code: "InvalidClientException", message: "Invalid client provided")
        }
        return id
    }
}

extension ServiceError {
    static func openID(_ code: String, _ description: String) -> ServiceError {
        ServiceError(status: 400, code: code, message: description)
    }
}
