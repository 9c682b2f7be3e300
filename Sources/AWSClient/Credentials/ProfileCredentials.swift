/// Static keys of the chosen profile in one of the shared files.
package struct ProfileCredentials: CredentialSource {
    private let profile: String
    private let file: SharedFile

    package init(profile: String, file: SharedFile) {
        self.profile = profile
        self.file = file
    }

    package var name: String {
        "profile '\(profile)' in \(file.path ?? "~/.aws (no home directory)")\(file.exists ? "" : " (no such file)")"
    }

    package func credentials() throws(CredentialError) -> Credentials? {
        guard let settings = file.profiles[profile] else { return nil }
        let id = settings["aws_access_key_id"].flatMap { $0.isEmpty ? nil : $0 }
        let secret = settings["aws_secret_access_key"].flatMap { $0.isEmpty ? nil : $0 }
        let token = (settings["aws_session_token"] ?? settings["aws_security_token"]).flatMap { $0.isEmpty ? nil : $0 }
        guard let id else { return nil }
        guard let secret else {
            throw .incomplete(origin: name, has: "aws_access_key_id", lacks: "aws_secret_access_key")
        }
        return Credentials(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: token.map(Secret.init), origin: name)
    }
}
