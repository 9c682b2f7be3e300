/// A separate AWS, with its own accounts and endpoints.
///
/// Source: AWS's endpoint rules (botocore/data/partitions.json and the services' endpoint rule sets).
struct AWSPartition: Sendable {
    /// As ARNs name it: `aws-cn`.
    let name: String
    /// What the names of its regions begin with: `cn` of `cn-north-1`. Nil for the public one, whose regions have nothing
    /// in common.
    let regionPrefix: String?
    /// What the names of its hosts end with.
    let suffix: String
    let iamHost: String
    /// The one region that IAM's requests are signed for.
    ///
    /// https://docs.aws.amazon.com/general/latest/gr/iam-service.html
    let iamRegion: String
    /// The same of Organizations' requests.
    let organizationsRegion: String

    /// The public one, and what an unknown one is taken for.
    static let aws = AWSPartition("aws", nil, "amazonaws.com", iamHost: "iam.amazonaws.com", "us-east-1")

    static let all = [
        aws,
        AWSPartition(
            "aws-cn", "cn", "amazonaws.com.cn", iamHost: "iam.cn-north-1.amazonaws.com.cn", "cn-north-1",
            "cn-northwest-1"),
        AWSPartition("aws-us-gov", "us-gov", "amazonaws.com", iamHost: "iam.us-gov.amazonaws.com", "us-gov-west-1"),
        AWSPartition("aws-iso", "us-iso", "c2s.ic.gov", iamHost: "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
        AWSPartition(
            "aws-iso-b", "us-isob", "sc2s.sgov.gov", iamHost: "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"),
        AWSPartition(
            "aws-iso-e", "eu-isoe", "cloud.adc-e.uk", iamHost: "iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"),
        AWSPartition(
            "aws-iso-f", "us-isof", "csp.hci.ic.gov", iamHost: "iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"),
        AWSPartition("aws-eusc", "eusc", "amazonaws.eu", iamHost: "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
    ]

    /// The partition of a name that stands in ARNs.
    static func named(_ name: String) -> AWSPartition {
        all.first { $0.name == name } ?? aws
    }

    /// The partition of a region such as `cn-north-1`.
    static func ofRegion(_ region: String) -> AWSPartition {
        all.first { partition in partition.regionPrefix.map { region.hasPrefix("\($0)-") } ?? false } ?? aws
    }

    private init(
        _ name: String, _ regionPrefix: String?, _ suffix: String, iamHost: String, _ iamRegion: String,
        _ organizationsRegion: String? = nil
    ) {
        self.name = name
        self.regionPrefix = regionPrefix
        self.suffix = suffix
        self.iamHost = iamHost
        self.iamRegion = iamRegion
        self.organizationsRegion = organizationsRegion ?? iamRegion
    }
}
