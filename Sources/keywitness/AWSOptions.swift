import AWSClient
import ArgumentParser

/// Whose account, and where AWS is.
struct AWSOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The profile in ~/.aws/config or ~/.aws/credentials to use.", valueName: "name"))
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

    func validate() throws {
        if let endpointURL, EndpointURL(endpointURL) == nil {
            throw ValidationError(
                "--endpoint-url '\(endpointURL)' isn't an http:// or https:// URL, such as http://127.0.0.1:4566.")
        }
        if let region, !region.isRegionName {
            throw ValidationError("--region '\(region)' isn't the name of a region, such as us-east-1.")
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
