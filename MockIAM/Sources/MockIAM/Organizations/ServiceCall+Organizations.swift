import CanonicalJSON

extension ServiceCall {
    func organization() throws(ServiceError) -> Organization {
        guard let organization = Organization(world.accounts), world.account(caller.identity.accountID) != nil else {
            throw ServiceError(
                status: 400, code: "AWSOrganizationsNotInUseException",
                message: "Your account is not a member of an organization.")
        }
        return organization
    }

    func organizationsText(_ name: String) throws(ServiceError) -> String? {
        switch input[name] {
        case nil: return nil
        case .text(let text): return text
        case .number, .other: throw .serialization
        }
    }

    func organizationsNumber(_ name: String, in range: ClosedRange<Int>) throws(ServiceError) -> Int? {
        switch input[name] {
        case nil: return nil
        case .number(let number):
            guard let number = Int(exactly: number.rounded(.towardZero)) else { throw .serialization }
            if number < range.lowerBound {
                throw .invalidInput("You specified a value that is lower than the minimum.", "MIN_VALUE_EXCEEDED")
            }
            if number > range.upperBound {
                throw .invalidInput("You specified a value that exceeds the maximum.", "MAX_VALUE_EXCEEDED")
            }
            return number
        case .text, .other: throw .serialization
        }
    }

    func organizationsJSON(_ members: (inout JSONWriter) -> Void) -> Answer {
        json(type: "application/x-amz-json-1.1", members)
    }
}

extension ServiceError {
    static let serialization = ServiceError(status: 400, code: "SerializationException")

    static func accessDenied(_ message: String) -> ServiceError {
        ServiceError(status: 400, code: "AccessDeniedException", message: message)
    }

    static func invalidInput(_ message: String, _ reason: String) -> ServiceError {
        ServiceError(status: 400, code: "InvalidInputException", message: message, reason: reason)
    }
}
