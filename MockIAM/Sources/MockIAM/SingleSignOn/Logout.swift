import NIOCore
import NIOHTTP1

extension ServiceOperation {
    /// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_Logout.html
    static let logout = ServiceOperation(name: "Logout", errors: .portal, method: .POST) { call throws(ServiceError) in
        call.world.signOn.signOut(try call.accessToken())
        return Answer(status: 200, headers: [], body: ByteBuffer())
    }
}
