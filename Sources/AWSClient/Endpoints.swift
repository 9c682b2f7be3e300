/// Where IAM and STS listen and which region a signature for them names.
package struct Endpoints: Sendable {
    package var iam: Endpoint
    package var sts: Endpoint
    /// The AWS partition, such as `aws` or `aws-cn`.
    package var partition: String

    package struct Endpoint: Sendable {
        package var url: EndpointURL
        package var scope: SigningScope
    }

    /// - Parameters:
    ///   - region: decides the partition, and the STS endpoint.
    ///   - iamURL: stands in for IAM's own endpoint. The signature's scope stays.
    ///   - stsURL: stands in for the region's STS endpoint.
    package init(region: String, iamURL: EndpointURL? = nil, stsURL: EndpointURL? = nil) {
        let partition = Partition.of(region: region)
        self.partition = partition.name
        let stsRegion = region == "aws-global" ? "us-east-1" : region
        let stsHost = region == "aws-global" ? "sts.amazonaws.com" : "sts.\(region).\(partition.suffix)"
        iam = Endpoint(
            url: iamURL ?? EndpointURL(https: partition.iamHost),
            scope: SigningScope(service: "iam", region: partition.iamRegion))
        sts = Endpoint(
            url: stsURL ?? EndpointURL(https: stsHost), scope: SigningScope(service: "sts", region: stsRegion))
    }

    package subscript(service: AWSService) -> Endpoint {
        switch service {
        case .iam: iam
        case .sts: sts
        }
    }
}

/// A set of regions with IAM of its own. Source: botocore's endpoints data and IAM's service endpoints page
/// (https://docs.aws.amazon.com/general/latest/gr/iam-service.html).
struct Partition {
    var name: String
    var prefix: String
    var suffix: String
    var iamHost: String
    var iamRegion: String

    private static let commercial = Partition(
        name: "aws", prefix: "", suffix: "amazonaws.com", iamHost: "iam.amazonaws.com", iamRegion: "us-east-1")

    private static let others = [
        Partition(
            name: "aws-cn", prefix: "cn-", suffix: "amazonaws.com.cn", iamHost: "iam.cn-north-1.amazonaws.com.cn",
            iamRegion: "cn-north-1"),
        Partition(
            name: "aws-us-gov", prefix: "us-gov-", suffix: "amazonaws.com", iamHost: "iam.us-gov.amazonaws.com",
            iamRegion: "us-gov-west-1"),
        Partition(
            name: "aws-iso", prefix: "us-iso-", suffix: "c2s.ic.gov", iamHost: "iam.us-iso-east-1.c2s.ic.gov",
            iamRegion: "us-iso-east-1"),
        Partition(
            name: "aws-iso-b", prefix: "us-isob-", suffix: "sc2s.sgov.gov", iamHost: "iam.us-isob-east-1.sc2s.sgov.gov",
            iamRegion: "us-isob-east-1"),
        Partition(
            name: "aws-iso-e", prefix: "eu-isoe-", suffix: "cloud.adc-e.uk",
            iamHost: "iam.eu-isoe-west-1.cloud.adc-e.uk", iamRegion: "eu-isoe-west-1"),
        Partition(
            name: "aws-iso-f", prefix: "us-isof-", suffix: "csp.hci.ic.gov",
            iamHost: "iam.us-isof-south-1.csp.hci.ic.gov", iamRegion: "us-isof-south-1"),
        Partition(
            name: "aws-eusc", prefix: "eusc-", suffix: "amazonaws.eu", iamHost: "iam.eusc-de-east-1.amazonaws.eu",
            iamRegion: "eusc-de-east-1"),
    ]

    static func of(region: String) -> Partition {
        others.first { region.hasPrefix($0.prefix) } ?? commercial
    }
}
