import CanonicalJSON
import FoundationEssentials
import NIOHTTP1

extension ServiceOperation {
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
}
