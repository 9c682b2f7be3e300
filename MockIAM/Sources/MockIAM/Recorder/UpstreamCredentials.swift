extension MockIAM {
    /// What a recorder signs with. It prints as nothing, and nothing encodes it.
    package struct UpstreamCredentials: Sendable {
        let accessKeyID: String
        let secret: String
        let sessionToken: String?

        package init(accessKeyID: String, secret: String, sessionToken: String? = nil) {
            self.accessKeyID = accessKeyID
            self.secret = secret
            self.sessionToken = sessionToken
        }

        /// Those of the environment: the recorder follows no profiles, so that nobody's are used by accident.
        ///
        /// - Throws: ``RecordingFailure`` where there are none.
        package init(environment: [String: String]) throws(RecordingFailure) {
            let missing = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].filter { (environment[$0] ?? "").isEmpty }
            let verb = missing.count > 1 ? "aren't" : "isn't"
            guard missing.isEmpty, let id = environment["AWS_ACCESS_KEY_ID"],
                let secret = environment["AWS_SECRET_ACCESS_KEY"]
            else {
                throw RecordingFailure(
                    "\(missing.joined(separator: " and ")) \(verb) set: the upstream is asked "
                        + "with the credentials of the environment. For those of a profile: "
                        + "eval \"$(aws configure export-credentials --profile NAME --format env)\"")
            }
            let token = environment["AWS_SESSION_TOKEN"] ?? ""
            self.init(accessKeyID: id, secret: secret, sessionToken: token.isEmpty ? nil : token)
        }

        /// Whether bytes have a secret in them, as AWS's explanation of a signature that doesn't match has the session
        /// token.
        func occur(in bytes: [UInt8]) -> Bool {
            [secret, sessionToken].compactMap(\.self).contains { secret in
                // Too short to be one, and too likely to stand somewhere: an emulator's.
                secret.utf8.count >= 16 && bytes.firstRange(of: Array(secret.utf8)) != nil
            }
        }
    }
}

extension MockIAM.UpstreamCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
