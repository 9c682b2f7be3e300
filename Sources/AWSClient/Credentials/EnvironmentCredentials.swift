/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, with temporary credentials, `AWS_SESSION_TOKEN`.
package struct EnvironmentCredentials: CredentialSource {
    private let environment: [String: String]

    package init(environment: [String: String]) {
        self.environment = environment
    }

    package var name: String { "environment variables (AWS_ACCESS_KEY_ID)" }

    package func credentials() throws(CredentialError) -> Credentials? {
        let id = value("AWS_ACCESS_KEY_ID")
        let secret = value("AWS_SECRET_ACCESS_KEY")
        switch (id, secret) {
        case (nil, _):
            // As AWS CLI: a secret alone doesn't count as credentials.
            return nil
        case (_?, nil):
            throw .incomplete(origin: "environment", has: "AWS_ACCESS_KEY_ID", lacks: "AWS_SECRET_ACCESS_KEY")
        case (let id?, let secret?):
            return Credentials(
                accessKeyID: id, secretAccessKey: Secret(secret),
                sessionToken: value("AWS_SESSION_TOKEN").map(Secret.init),
                origin: "environment variables"
            )
        }
    }

    private func value(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
