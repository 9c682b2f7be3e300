import FoundationEssentials

/// The role of an EC2 instance, from its metadata service, version 2 only.
///
/// Off EC2 nobody answers: one try of a second, and the search goes on or ends.
///
/// Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html
package struct InstanceCredentials: CredentialSource {
    private let surroundings: CredentialSurroundings

    package init(_ surroundings: CredentialSurroundings) {
        self.surroundings = surroundings
    }

    // Answers to a container on the instance are lost on the way by a hop limit of 1, which is what AWS gives new instances.
    package var name: String { "EC2 instance metadata (IMDSv2; in a container it takes a hop limit of 2)" }

    private var configuration: SharedConfiguration { surroundings.configuration }

    package func credentials() async throws(CredentialError) -> Credentials? {
        if configuration.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" { return nil }
        let text = endpoint
        guard let base = EndpointURL(text) else {
            throw .invalid(
                origin: "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                reason: "it\(EndpointURL.quoted(text)) isn't an http:// URL without a user and a password")
        }
        guard
            let token = await ask(
                base, "/latest/api/token", method: "PUT",
                HTTPHeader(name: "X-aws-ec2-metadata-token-ttl-seconds", value: "21600"))
        else {
            guard givenEndpoint != nil else { return nil }
            throw .failed(
                origin: "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                reason: "\(base) gives no token of the instance metadata service",
                advice:
                    "It doesn't answer, refuses, or isn't asked, as http:// goes to nobody but the instance itself; --debug "
                    + "shows which. Correct it, or take it away.")
        }
        let session = HTTPHeader(name: "X-aws-ec2-metadata-token", value: token)
        let roles = "/latest/meta-data/iam/security-credentials/"
        guard let role = await ask(base, roles, session)?.split(separator: "\n").first.map(String.init), !role.isEmpty
        else { return nil }
        guard let body = await ask(base, roles + PercentEncoding.encode(role), session),
            let issued = try? JSONDecoder().decode(MetadataCredentials.self, from: Data(body.utf8)),
            let credentials = issued.credentials(.instance, origin: "role '\(role)' of the EC2 instance")
        else {
            throw .failed(
                origin: "EC2 instance metadata", reason: "there are no credentials of the instance's role '\(role)'",
                advice: "Does the role still exist, and is the instance's profile attached?")
        }
        return credentials
    }

    private var givenEndpoint: String? {
        configuration.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")
            ?? configuration.setting("ec2_metadata_service_endpoint")
    }

    private var endpoint: String {
        if let givenEndpoint { return givenEndpoint }
        let mode =
            configuration.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")
            ?? configuration.setting("ec2_metadata_service_endpoint_mode")
        return mode?.lowercased() == "ipv6" ? "http://[fd00:ec2::254]/" : "http://169.254.169.254/"
    }

    /// One try, or as many as the configuration wants; nil unless the answer is 200.
    private func ask(
        _ base: EndpointURL, _ path: String, method: String = "GET", _ header: HTTPHeader
    ) async -> String? {
        let seconds = number("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout")
        let request = HTTPRequest(
            method: method, url: base.appending(path), headers: [header], timeout: .seconds(seconds))
        for attempt in 1...number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts") {
            guard !Task.isCancelled else { break }
            let call = Call(operation: "IMDS \(path)", attempt: attempt)
            // One after the other without a pause, as AWS CLI does it; what the service doesn't have it won't have then.
            guard let answer = try? await surroundings.transport.send(request, for: call), answer.status < 500 else {
                continue
            }
            return answer.status == 200 ? String(validating: answer.body, as: UTF8.self) : nil
        }
        return nil
    }

    /// At least 1, which is also what holds where nothing sensible is said.
    private func number(_ variable: String, _ setting: String) -> Int {
        (configuration.variable(variable) ?? configuration.setting(setting)).flatMap { Int($0) }.map { max(1, $0) } ?? 1
    }
}
