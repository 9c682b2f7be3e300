import CanonicalJSON
import FoundationEssentials
import NIOHTTP1

extension ServiceOperation {
    /// https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html, by refresh token or by
    /// device code. The second time that a device asks, its user has signed in.
    static let createToken = ServiceOperation(
        name: "CreateToken", errors: .openID, method: .POST, shown: ["grantType", "clientId"]
    ) { call throws(ServiceError) in
        let grantType = try call.openIDInput("grantType")
        let clientID = try call.client()
        let grant: SignOn.Grant
        switch grantType {
        case "refresh_token":
            let token = try call.openIDInput("refreshToken")
            guard let fresh = call.world.signOn.refresh(token, clientID: clientID) else {
                throw .openID("InvalidGrantException", "Invalid refresh token provided")
            }
            grant = fresh
        case "urn:ietf:params:oauth:grant-type:device_code":
            switch call.world.signOn.redeem(deviceCode: try call.openIDInput("deviceCode"), clientID: clientID) {
            case .granted(let granted): grant = granted
            case .pending: throw .openID("AuthorizationPendingException", "Authorization is still pending")
            case .expired: throw .openID("ExpiredTokenException", "Device code has expired")
            case .unknown: throw .openID("InvalidGrantException", "Invalid grant provided")
            }
        default: throw .openID("UnsupportedGrantTypeException", "Unsupported grant type provided")
        }
        return call.json { json in
            json.member("accessToken", grant.accessToken)
            json.member("expiresIn", SignOn.Grant.lifetime)
            json.member("refreshToken", grant.refreshToken)
            json.member("tokenType", "Bearer")
        }
    }

    /// https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html
    static let registerClient = ServiceOperation(
        name: "RegisterClient", errors: .openID, method: .POST, shown: ["clientName", "clientType"]
    ) { call throws(ServiceError) in
        _ = try call.openIDInput("clientName")
        guard try call.openIDInput("clientType") == "public" else {
            throw .openID("InvalidClientMetadataException", "Invalid client metadata provided: clientType is public")
        }
        let client = call.world.signOn.register()
        let issued = Int(call.caller.now.timeIntervalSince1970)
        return call.json { json in
            json.member("clientId", client.id)
            json.member("clientIdIssuedAt", issued)
            json.member("clientSecret", client.secret)
            json.member("clientSecretExpiresAt", issued + SignOn.clientLifetime)
        }
    }

    /// https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_StartDeviceAuthorization.html
    static let startDeviceAuthorization = ServiceOperation(
        name: "StartDeviceAuthorization", errors: .openID, method: .POST, shown: ["clientId", "startUrl"]
    ) { call throws(ServiceError) in
        let clientID = try call.client()
        _ = try call.openIDInput("startUrl")
        let device = call.world.signOn.begin(clientID: clientID)
        // A host that nobody has: no browser is to show AWS's own page with this code.
        let page = "https://device.sso.example.com/"
        return call.json { json in
            json.member("deviceCode", device.code)
            json.member("expiresIn", SignOn.Device.lifetime)
            json.member("interval", 1)
            json.member("userCode", device.userCode)
            json.member("verificationUri", page)
            json.member("verificationUriComplete", "\(page)?user_code=\(device.userCode)")
        }
    }
}

extension ServiceCall {
    fileprivate func openIDInput(_ name: String) throws(ServiceError) -> String {
        guard let value = input.text(name), !value.isEmpty else {
            throw .openID("InvalidRequestException", "Invalid request: \(name) is required")
        }
        return value
    }

    /// - Throws: InvalidClientException for one that isn't registered, or has another secret.
    fileprivate func client() throws(ServiceError) -> String {
        let (id, secret) = (try openIDInput("clientId"), try openIDInput("clientSecret"))
        guard world.signOn.isClient(id, secret: secret) else {
            throw ServiceError(status: 401, code: "InvalidClientException", message: "Invalid client provided")
        }
        return id
    }
}

extension ServiceError {
    fileprivate static func openID(_ code: String, _ description: String) -> ServiceError {
        ServiceError(status: 400, code: code, message: description)
    }
}
