import Foundation

/// A text that stands for a secret in a test, and that must be nowhere afterwards.
struct Canary: Sendable {
    let text: String

    /// - Parameter kind: what it stands for; it is part of the text, so that a failure tells which it was.
    init(_ kind: String) {
        // With characters that encodings change.
        text = "CANARY-\(kind)/x7+Yz=Q"
    }

    /// The ways in which it could be written.
    private var forms: [String] {
        let bytes = Array(text.utf8)
        let percent = bytes.map { byte in
            let character = Character(UnicodeScalar(byte))
            return character.isLetter || character.isNumber || "-._~".contains(character)
                ? String(character) : "%" + String(format: "%02X", byte)
        }.joined()
        // In Base64 three bytes are four characters, so that it depends on what stands before.
        let base64 = (0...2).map { offset in
            let encoded = Data([UInt8](repeating: 0, count: offset) + bytes).base64EncodedString()
            return String(encoded.dropFirst(offset == 0 ? 0 : 4).prefix((bytes.count - 3) / 3 * 4))
        }
        return base64 + [
            text, percent, percent.lowercased(),
            bytes.map { String(format: "%02x", $0) }.joined(), text.replacing("/", with: "\\/"),
        ]
    }

    func isIn(_ data: Data) -> Bool {
        forms.contains { data.range(of: Data($0.utf8)) != nil }
    }
}

/// What stands for secrets in the canary test: one for each kind of secret that the program handles.
enum Canaries {
    static let secretKey = Canary("secret-access-key")
    static let sessionToken = Canary("session-token")
    static let issuedSecret = Canary("issued-secret")
    static let issuedToken = Canary("issued-token")
    static let processSecret = Canary("process-secret")
    static let ssoToken = Canary("sso-token")
    static let refreshToken = Canary("refresh-token")
    static let clientSecret = Canary("client-secret")
    static let webIdentity = Canary("web-identity")
    static let containerToken = Canary("container-token")
    static let proxyPassword = Canary("proxy-password")
    static let urlPassword = Canary("url-password")

    static let all = [
        secretKey, sessionToken, issuedSecret, issuedToken, processSecret, ssoToken, refreshToken, clientSecret,
        webIdentity, containerToken, proxyPassword, urlPassword,
    ]

    /// Those that are in it.
    static func found(in data: Data) -> [String] {
        all.filter { $0.isIn(data) }.map(\.text)
    }
}
