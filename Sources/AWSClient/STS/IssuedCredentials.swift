package import FoundationEssentials

/// Credentials as STS hands them out.
package struct IssuedCredentials: Sendable, Equatable {
    package var accessKeyID: String
    package var secretAccessKey: Secret
    package var sessionToken: Secret
    package var expiration: Date

    /// Reads the `Credentials` of a result.
    init(fromResult xml: inout XMLReader) throws(XMLError) {
        var found: IssuedCredentials?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            if name == "Credentials" { found = try IssuedCredentials(from: &xml) }
        }
        guard let found else { throw .missing("Credentials") }
        self = found
    }

    private init(from xml: inout XMLReader) throws(XMLError) {
        var id: String?
        var secret: String?
        var token: String?
        var expiration: Date?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "AccessKeyId": id = try xml.text()
            case "SecretAccessKey": secret = try xml.text()
            case "SessionToken": token = try xml.text()
            case "Expiration": expiration = try xml.date(name)
            default: break
            }
        }
        guard let id, !id.isEmpty else { throw .missing("AccessKeyId") }
        guard let secret else { throw .missing("SecretAccessKey") }
        guard let token else { throw .missing("SessionToken") }
        guard let expiration else { throw .missing("Expiration") }
        accessKeyID = id
        secretAccessKey = Secret(secret)
        sessionToken = Secret(token)
        self.expiration = expiration
    }
}

extension Credentials {
    /// - Parameters:
    ///   - clock: by which it is told when they end.
    ///   - isOff: whether that is known to be wrong.
    init(
        _ answer: Answer<IssuedCredentials>, by clock: ClientClock, isOff: Bool = false, method: CredentialMethod,
        origin: String
    ) {
        let issued = answer.output
        self.init(
            accessKeyID: issued.accessKeyID, secretAccessKey: issued.secretAccessKey, sessionToken: issued.sessionToken,
            expiration: issued.expiration.byClock(clock, serverDate: answer.serverDate, isOff: isOff), method: method,
            origin: origin)
    }
}
