import AWSClient
import ArgumentParser

/// Whose account, and where AWS is.
struct AWSOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The profile in ~/.aws/config or ~/.aws/credentials to use.",
            discussion: "Without it AWS_PROFILE, AWS_DEFAULT_PROFILE, default.", valueName: "name"))
    var profile: String?

    @Option(
        help: ArgumentHelp(
            "The region to ask for the caller's identity; it also decides the AWS partition.",
            discussion: "Without it AWS_REGION, AWS_DEFAULT_REGION, the profile's region, us-east-1.",
            valueName: "region"))
    var region: String?

    @Option(
        name: .customLong("endpoint-url"),
        help: ArgumentHelp("Send all calls to this URL instead of AWS, for example to mock-iam.", valueName: "url"))
    var endpointURL: String?

    @Option(
        name: .customLong("role-arn"),
        help: ArgumentHelp("Assume this role first, with the credentials found.", valueName: "arn"))
    var roleARN: String?

    @Option(
        name: .customLong("external-id"), help: ArgumentHelp("The external id that the role asks for.", valueName: "id")
    )
    var externalID: String?

    @Option(
        name: .customLong("session-name"),
        help: ArgumentHelp("What CloudTrail calls the session of --role-arn.", valueName: "name"))
    var sessionName: String?

    @Option(
        name: .customLong("ca-bundle"),
        help: ArgumentHelp(
            "A PEM file of the certificates to trust instead of the system's.",
            discussion: "Without it AWS_CA_BUNDLE, the profile's ca_bundle.", valueName: "file"))
    var caBundle: String?

    @Option(
        name: .customLong("max-requests-per-second"),
        help: ArgumentHelp("Send no more than this, however much AWS takes.", valueName: "n"))
    var maximumRate: Double?

    @Flag(
        name: .customLong("insecure-http"),
        help: "Allow plain http:// to other machines. Whoever is on the way can read and change the answers.")
    var insecureHTTP = false

    @Flag(help: "Say on standard error what is looked at and asked, without secrets.")
    var debug = false

    func validate() throws {
        if let endpointURL {
            guard let url = EndpointURL(endpointURL) else {
                throw ValidationError(
                    "--endpoint-url\(EndpointURL.quoted(endpointURL)) isn't an http:// or https:// URL, such as "
                        + "http://127.0.0.1:4566.")
            }
            guard url.scheme == .https || url.isLoopback || insecureHTTP else {
                throw ValidationError(
                    "--endpoint-url '\(endpointURL)': plain http:// goes to this machine only; use https://, or allow "
                        + "it with --insecure-http.")
            }
        }
        if let region, !region.isRegionName {
            throw ValidationError("--region '\(region)' isn't the name of a region, such as us-east-1.")
        }
        if let roleARN {
            guard let arn = ARN(roleARN), arn.service == "iam", arn.resource.hasPrefix("role/"),
                !arn.resource.contains(":")
            else {
                throw ValidationError(
                    "--role-arn '\(roleARN)' isn't the ARN of a role, such as arn:aws:iam::111122223333:role/audit.")
            }
        }
        for (option, value) in [("external-id", externalID), ("session-name", sessionName)] where value != nil {
            guard roleARN != nil else { throw ValidationError("--\(option) goes with --role-arn.") }
        }
        if let maximumRate, !(maximumRate > 0 && maximumRate.isFinite) {
            throw ValidationError("--max-requests-per-second takes a number above 0, not \(maximumRate).")
        }
    }
}

extension String {
    /// Whether it can stand in a host name as a region does.
    var isRegionName: Bool {
        !isEmpty && count <= 40 && first != "-" && last != "-"
            && utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }
}
