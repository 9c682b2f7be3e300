import FoundationEssentials

/// What ECS and EKS Pod Identity give their containers, by `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or
/// `AWS_CONTAINER_CREDENTIALS_FULL_URI`.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
package struct ContainerCredentials: CredentialSource {
    private static let advice = "Is this the container that the variable was set for, and has its task or pod a role?"
    private static let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
    private static let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
    private static let token = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
    private static let attempts = 3

    private let surroundings: CredentialSurroundings
    private let timeout: Duration

    /// - Parameter timeout: of one attempt; two seconds are AWS CLI's own.
    package init(_ surroundings: CredentialSurroundings, timeout: Duration = .seconds(2)) {
        self.surroundings = surroundings
        self.timeout = timeout
    }

    package var name: String { "container (\(Self.relative), \(Self.full))" }

    package func credentials() async throws(CredentialError) -> Credentials? {
        let (variable, text): (String, String)
        if let path = surroundings.configuration.variable(Self.relative) {
            (variable, text) = (Self.relative, "http://169.254.170.2\(path)")
        } else if let uri = surroundings.configuration.variable(Self.full) {
            (variable, text) = (Self.full, uri)
        } else {
            return nil
        }
        let parts = text.split(separator: "?", maxSplits: 1).map(String.init)
        guard let first = parts.first, let url = EndpointURL(first) else {
            throw .invalid(origin: variable, reason: "it isn't an http:// or https:// URL")
        }
        guard url.scheme == .https || url.isLoopback || url.isContainerAgent else {
            throw .invalid(
                origin: variable,
                reason: "credentials are fetched by https, or from this machine, 169.254.170.2, 169.254.170.23 or "
                    + "[fd00:ec2::23], but not from '\(url.host)'")
        }
        // Read each time, because its keeper replaces it.
        let headers = [HTTPHeader(name: "Accept", value: "application/json")] + (try authorization())
        let request = HTTPRequest(
            method: "GET", url: url, query: parts.count > 1 ? parts[1] : "", headers: headers, timeout: timeout)
        let answer = try await answer(to: request, variable)
        guard let issued = try? JSONDecoder().decode(MetadataCredentials.self, from: Data(answer)),
            let credentials = issued.credentials(.container, origin: "container, by \(variable)")
        else { throw .failed(origin: variable, reason: "\(url) doesn't answer with credentials", advice: Self.advice) }
        return credentials
    }

    private func authorization() throws(CredentialError) -> [HTTPHeader] {
        var token: String?
        if let path = surroundings.configuration.variable("\(Self.token)_FILE") {
            guard let text = try surroundings.text(of: path) else {
                throw .unreadable(file: path, reason: "there is no such file (\(Self.token)_FILE)")
            }
            token = text
        } else {
            token = surroundings.configuration.variable(Self.token)
        }
        guard let token else { return [] }
        guard token.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw .invalid(origin: Self.token, reason: "the token has characters that no header can hold")
        }
        return [HTTPHeader(name: "Authorization", value: token)]
    }

    private func answer(to request: HTTPRequest, _ variable: String) async throws(CredentialError) -> [UInt8] {
        var attempt = 1
        while true {
            let problem: String
            do throws(TransportError) {
                let call = Call(operation: "GetContainerCredentials", attempt: attempt)
                let answer = try await surroundings.transport.send(request, for: call)
                if answer.status == 200 { return answer.body }
                problem = "\(request.url) answers with HTTP \(answer.status)"
            } catch {
                problem = "\(request.url): \(error)"
            }
            guard attempt < Self.attempts, (try? await surroundings.clock.sleep(.seconds(1))) != nil else {
                throw .failed(origin: variable, reason: problem, advice: Self.advice)
            }
            attempt += 1
        }
    }
}
