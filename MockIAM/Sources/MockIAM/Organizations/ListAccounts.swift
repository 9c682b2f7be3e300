import CanonicalJSON
import FoundationEssentials
import NIOHTTP1

extension ServiceOperation {
    /// The operation that an `X-Amz-Target` names, known or not.
    static func organizations(_ target: String, path: Substring) -> ServiceOperation {
        let name = target.split(separator: ".").last.map(String.init) ?? ""
        if path == "/", target == "AWSOrganizationsV20161128.\(name)" {
            if name == listAccounts.name { return listAccounts }
            if name == describeOrganization.name { return describeOrganization }
        }
        // Without a message, as AWS's services have it.
        return ServiceOperation(name: name, errors: .organizations, method: .POST) { _ throws(ServiceError) in
            throw ServiceError(status: 400, code: "UnknownOperationException")
        }
    }

    /// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
    private static let listAccounts = ServiceOperation(
        name: "ListAccounts", errors: .organizations, method: .POST, isSigned: true,
        shown: ["MaxResults", "NextToken"]
    ) { call throws(ServiceError) in
        let organization = try call.organization()
        guard call.caller.identity.accountID == organization.management.id else {
            throw .accessDenied("You don't have permissions to access this resource.")
        }
        let size = try call.number("MaxResults", in: 1...20) ?? 20
        let token = try call.text("NextToken")
        let query = "organizations:ListAccounts \(organization.id)"
        guard let page = TokenPage(call.paging, size: size, token: token, of: query) else {
            throw .invalidInput("You specified an invalid value for nextToken.", "INVALID_NEXT_TOKEN")
        }
        let (accounts, next) = page.cut(organization.accounts, mayBeEmpty: true)
        return call.json { json in
            json.name("Accounts")
            json.array { json in
                for account in accounts { organization.write(account, to: &json) }
            }
            json.member("NextToken", next)
        }
    }

    /// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html: any account of the
    /// organization may ask.
    private static let describeOrganization = ServiceOperation(
        name: "DescribeOrganization", errors: .organizations, method: .POST, isSigned: true
    ) { call throws(ServiceError) in
        let organization = try call.organization()
        return call.json { json in
            json.name("Organization")
            json.object { json in
                json.member("Arn", organization.arn)
                json.member("AvailablePolicyTypes", [String]())
                json.member("FeatureSet", "ALL")
                json.member("Id", organization.id)
                json.member("MasterAccountArn", organization.arn(of: organization.management))
                json.member("MasterAccountEmail", organization.management.account.email)
                json.member("MasterAccountId", organization.management.id)
            }
        }
    }
}

extension Organization {
    fileprivate func write(_ account: ServedAccount, to json: inout JSONWriter) {
        json.object { json in
            json.member("Arn", arn(of: account))
            json.member("Email", account.account.email)
            json.member("Id", account.id)
            // A management account counts as invited.
            json.member("JoinedMethod", account.id == management.id ? "INVITED" : "CREATED")
            json.member("JoinedTimestamp", account.account.created.timeIntervalSince1970)
            json.member("Name", account.account.name)
            json.member("State", "ACTIVE")
            // Retired on 9 September 2026 in favour of State, and still sent.
            json.member("Status", "ACTIVE")
        }
    }
}

extension ServiceCall {
    fileprivate func organization() throws(ServiceError) -> Organization {
        guard let organization = Organization(world.accounts), world.account(caller.identity.accountID) != nil else {
            throw ServiceError(
                status: 400, code: "AWSOrganizationsNotInUseException",
                message: "Your account is not a member of an organization.")
        }
        return organization
    }

    fileprivate func text(_ name: String) throws(ServiceError) -> String? {
        switch input[name] {
        case nil: return nil
        case .text(let text): return text
        case .number, .other: throw .serialization
        }
    }

    fileprivate func number(_ name: String, in range: ClosedRange<Int>) throws(ServiceError) -> Int? {
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

    fileprivate func json(_ members: (inout JSONWriter) -> Void) -> Answer {
        json(type: "application/x-amz-json-1.1", members)
    }
}

extension ServiceError {
    fileprivate static let serialization = ServiceError(status: 400, code: "SerializationException")

    fileprivate static func accessDenied(_ message: String) -> ServiceError {
        ServiceError(status: 400, code: "AccessDeniedException", message: message)
    }

    fileprivate static func invalidInput(_ message: String, _ reason: String) -> ServiceError {
        ServiceError(status: 400, code: "InvalidInputException", message: message, reason: reason)
    }
}
