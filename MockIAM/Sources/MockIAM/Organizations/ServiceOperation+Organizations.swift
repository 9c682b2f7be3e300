import NIOHTTP1

extension ServiceError {
    static let unknownOperation = ServiceError(status: 400, code: "UnknownOperationException")
}

extension ServiceOperation {
    /// The operation that an `X-Amz-Target` names, known or not.
    static func organizations(_ target: String, path: Substring) -> ServiceOperation {
        let name = target.split(separator: ".").last.map(String.init) ?? ""
        if path == "/", target == "AWSOrganizationsV20161128.\(name)" {
            if name == listAccounts.name { return listAccounts }
            if name == describeOrganization.name { return describeOrganization }
        }
        // Without a message, as AWS's services have it.
        return ServiceOperation(name: name, errors: .organizations, method: .POST, isSigned: true, isKnown: false) {
            _ throws(ServiceError) in
            throw .unknownOperation
        }
    }
}
