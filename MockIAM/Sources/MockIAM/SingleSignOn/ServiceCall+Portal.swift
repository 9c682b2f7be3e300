import NIOHTTP1

extension ServiceCall {
    /// - Throws: UnauthorizedException, also where there is no token at all.
    func accessToken() throws(ServiceError) -> String {
        guard let token = request.headers.first(name: "x-amz-sso_bearer_token"), world.signOn.isSignedIn(token) else {
            throw ServiceError(
                status: 401, code: "UnauthorizedException", message: "Session token not found or invalid")
        }
        return token
    }

    func portalInput(_ name: String) throws(ServiceError) -> String {
        guard let value = input.text(name), !value.isEmpty else { throw .invalidPortalRequest("\(name) is required") }
        return value
    }

    func portalAccount() throws(ServiceError) -> ServedAccount {
        let id = try portalInput("account_id")
        guard id.isAccountID else { throw .invalidPortalRequest("account_id has twelve digits") }
        guard let account = world.account(id) else {
            throw ServiceError(
                status: 404, code: "ResourceNotFoundException", message: "The specified resource doesn't exist.")
        }
        return account
    }

    func portalPage(of query: String) throws(ServiceError) -> TokenPage {
        let size = input.text("max_result").map { Int($0) ?? 0 } ?? 20
        guard 1...100 ~= size else { throw .invalidPortalRequest("max_result is from 1 to 100") }
        guard let page = TokenPage(paging, size: size, token: input.text("next_token"), of: query) else {
            throw .invalidPortalRequest("Invalid next_token")
        }
        return page
    }
}

extension ServiceError {
    fileprivate static func invalidPortalRequest(_ message: String) -> ServiceError {
        ServiceError(status: 400, code: "InvalidRequestException", message: message)
    }
}
