package import FoundationEssentials
import PlainText

/// What a request is signed with, and where it was found.
package struct Credentials: Sendable, Equatable {
    package var accessKeyID: String
    package var secretAccessKey: Secret
    /// Present with temporary credentials.
    package var sessionToken: Secret?
    /// When they stop working; nil where nobody says.
    package var expiration: Date?
    /// How they were found.
    package var method: CredentialMethod
    /// Where they come from, for people: `environment variables`, `profile 'audit' in ~/.aws/credentials`.
    package var origin: String
    /// Whether fresh ones can be had by themselves: not where somebody had to give a code for them.
    package var isRefreshable = true

    package init(
        accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil, expiration: Date? = nil,
        method: CredentialMethod = .given, origin: String
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        // Some write an empty one where there is none.
        self.sessionToken = sessionToken.flatMap { $0.exposed.isEmpty ? nil : $0 }
        self.expiration = expiration
        self.method = method
        self.origin = origin
    }
}

extension Credentials {
    /// What no answer may repeat where it is kept or shown. What is shorter than any of AWS's secrets, such as those of
    /// tests, isn't among them: it would be found in names and words.
    var secrets: [Secret] {
        // Of each request.
        var secrets: [Secret] = []
        secrets.reserveCapacity(2)
        if secretAccessKey.exposed.utf8.count >= 16 { secrets.append(secretAccessKey) }
        if let sessionToken, sessionToken.exposed.utf8.count >= 16 { secrets.append(sessionToken) }
        return secrets
    }

    /// Why no request can be signed with them: they would stand in headers, where a line break begins another header.
    var problem: CredentialError? {
        let names =
            switch method {
            case .environment: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
            case .sharedCredentialsFile, .configFile:
                ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"]
            default: ["the access key id", "the secret access key", "the session token"]
            }
        for (name, text) in zip(names, [accessKeyID, secretAccessKey.exposed, sessionToken?.exposed ?? ""]) {
            guard let place = text.utf8.firstIndex(where: \.isControlCharacter) else { continue }
            let byte = text.utf8[place]
            let isBreak = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            let isLast = text.utf8[place...].allSatisfy(\.isControlCharacter)
            return .invalid(
                origin: origin,
                reason: "\(name) has a \(isBreak ? "line break" : "control character") "
                    + (isLast ? "at its end; a file with the line ends of Windows leaves one" : "in it"))
        }
        return nil
    }
}

extension String {
    /// Whether it has what no header can hold.
    var hasControlCharacter: Bool {
        !hasNoByte(\.isControlCharacter) { $0.term(below: 0x20) | $0.term(for: 0x7F) }
    }
}

extension UInt8 {
    /// In ASCII.
    fileprivate var isControlCharacter: Bool { self < 0x20 || self == 0x7F }
}

/// The ways to credentials, by the names that AWS CLI gives them (`aws configure list`, column Type).
package enum CredentialMethod: String, Sendable {
    case environment = "env"
    case assumeRole = "assume-role"
    case webIdentity = "assume-role-with-web-identity"
    case sso
    case sharedCredentialsFile = "shared-credentials-file"
    case login
    case process = "custom-process"
    case configFile = "config-file"
    case container = "container-role"
    case instance = "iam-role"
    /// By whoever made the value, such as a test.
    case given
}
