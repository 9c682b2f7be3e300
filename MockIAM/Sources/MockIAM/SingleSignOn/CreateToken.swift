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
}
