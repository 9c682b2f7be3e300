import CanonicalJSON
import NIOHTTP1

extension ServiceOperation {
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
