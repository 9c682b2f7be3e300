import PlainText

/// A set of regions with IAM of its own.
///
/// Source: botocore's partitions and endpoint rule sets (`botocore/data/partitions.json`, `iam`, `sts`, `sso`,
/// `sso-oidc`), with which a test compares every row, and https://docs.aws.amazon.com/general/latest/gr/iam-service.html
struct Partition: Sendable {
    let name: String
    /// What the names of its regions begin with.
    let prefix: String
    private let suffix: String
    /// Nil where the partition has no endpoints by IPv6.
    private let dualStackSuffix: String?
    private let iam: IAMHosts

    /// IAM has one endpoint of each kind, and one region to sign for.
    private struct IAMHosts {
        var plain: String
        var fips: String
        var dualStack: String?
        var fipsDualStack: String?
        var region: String
        /// Where it is another one.
        var fipsRegion: String?

        var all: [String] { [plain, fips, dualStack, fipsDualStack].compactMap(\.self) }
    }

    private static let aws = Partition(
        name: "aws", prefix: "", suffix: "amazonaws.com", dualStackSuffix: "api.aws",
        iam: IAMHosts(
            plain: "iam.amazonaws.com", fips: "iam-fips.amazonaws.com", dualStack: "iam.global.api.aws",
            fipsDualStack: "iam-fips.global.api.aws", region: "us-east-1"))

    private static let others = [
        Partition(
            name: "aws-cn", prefix: "cn-", suffix: "amazonaws.com.cn", dualStackSuffix: "api.amazonwebservices.com.cn",
            iam: IAMHosts(
                plain: "iam.cn-north-1.amazonaws.com.cn", fips: "iam-fips.amazonaws.com.cn",
                dualStack: "iam.global.api.amazonwebservices.com.cn",
                fipsDualStack: "iam-fips.api.amazonwebservices.com.cn", region: "cn-north-1",
                fipsRegion: "cn-northwest-1")),
        Partition(
            name: "aws-us-gov", prefix: "us-gov-", suffix: "amazonaws.com", dualStackSuffix: "api.aws",
            iam: IAMHosts(
                plain: "iam.us-gov.amazonaws.com", fips: "iam.us-gov.amazonaws.com", dualStack: "iam.us-gov.api.aws",
                fipsDualStack: "iam.us-gov.api.aws", region: "us-gov-west-1")),
        Partition(
            name: "aws-iso", prefix: "us-iso-", suffix: "c2s.ic.gov", dualStackSuffix: "api.aws.ic.gov",
            iam: IAMHosts(
                plain: "iam.us-iso-east-1.c2s.ic.gov", fips: "iam-fips.us-iso-east-1.c2s.ic.gov",
                dualStack: "iam.api.aws.ic.gov", fipsDualStack: "iam-fips.api.aws.ic.gov", region: "us-iso-east-1")),
        Partition(
            name: "aws-iso-b", prefix: "us-isob-", suffix: "sc2s.sgov.gov", dualStackSuffix: "api.aws.scloud",
            iam: IAMHosts(
                plain: "iam.us-isob-east-1.sc2s.sgov.gov", fips: "iam-fips.us-isob-east-1.sc2s.sgov.gov",
                dualStack: "iam.api.aws.scloud", fipsDualStack: "iam-fips.api.aws.scloud", region: "us-isob-east-1")),
        Partition(
            name: "aws-iso-e", prefix: "eu-isoe-", suffix: "cloud.adc-e.uk", dualStackSuffix: nil,
            iam: IAMHosts(
                plain: "iam.eu-isoe-west-1.cloud.adc-e.uk", fips: "iam-fips.cloud.adc-e.uk", region: "eu-isoe-west-1")),
        Partition(
            name: "aws-iso-f", prefix: "us-isof-", suffix: "csp.hci.ic.gov", dualStackSuffix: nil,
            iam: IAMHosts(
                plain: "iam.us-isof-south-1.csp.hci.ic.gov", fips: "iam-fips.csp.hci.ic.gov", region: "us-isof-south-1")
        ),
        Partition(
            name: "aws-eusc", prefix: "eusc-", suffix: "amazonaws.eu", dualStackSuffix: "api.amazonwebservices.eu",
            iam: IAMHosts(
                plain: "iam.eusc-de-east-1.amazonaws.eu", fips: "iam-fips.amazonaws.eu",
                dualStack: "iam.api.amazonwebservices.eu", fipsDualStack: "iam-fips.api.amazonwebservices.eu",
                region: "eusc-de-east-1")),
    ]

    /// Whether a host is an endpoint of IAM, STS or Organizations, in whatever partition: below AWS's names are also hosts that
    /// its customers have, such as a bucket's or a machine's.
    static func hasEndpoint(_ host: String) -> Bool {
        let partitions = [aws] + others
        if partitions.contains(where: { $0.iam.all.contains(host) }) { return true }
        let suffixes = partitions.flatMap { [$0.suffix, $0.dualStackSuffix].compactMap(\.self) }
        return suffixes.contains { (suffix: String) -> Bool in
            guard host.hasSuffix(".\(suffix)") else { return false }
            let labels = host.dropLast(suffix.utf8.count + 1).split(separator: ".", omittingEmptySubsequences: false)
            guard ["sts", "sts-fips", "organizations", "organizations-fips"].contains(labels[0]) else { return false }
            return labels.count == 1 || labels.count == 2 && isRegion(labels[1])
        }
    }

    /// Whether it has the form of a region's name, `eu-central-1`; S3 has hosts with such names of its own, `s3-us-west-2`.
    private static func isRegion(_ name: Substring) -> Bool {
        let words = name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard words.count > 2, let number = words.last, !number.isEmpty, number.allSatisfy(\.isASCIIDigit) else {
            return false
        }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        return words.dropLast().allSatisfy { !$0.isEmpty && $0.allSatisfy(letters.contains) }
    }

    static func of(region: String) -> Partition {
        others.first { region.hasPrefix($0.prefix) || region == $0.pseudoRegion } ?? aws
    }

    /// What stands for the partition as a whole, in older configurations.
    private var pseudoRegion: String { "\(name)-global" }

    /// The region itself; IAM's where it stands for the partition. `aws-global` stays: it has an STS of its own.
    func region(of region: String) -> String {
        name != Self.aws.name && region == pseudoRegion ? iam.region : region
    }
}

extension Partition {
    /// - Throws: ``EndpointError`` where the partition has none by IPv6.
    func endpoint(
        of service: AWSService, region: String, _ variant: Endpoints.Variant
    ) throws(EndpointError) -> Endpoints.Endpoint {
        guard !variant.dualStack || dualStackSuffix != nil else {
            throw EndpointError(
                description: "partition \(name) has no dual-stack endpoints; unset use_dualstack_endpoint")
        }
        let (host, signingRegion) = service == .iam ? iamHost(variant) : regionalHost(service, region, variant)
        return Endpoints.Endpoint(
            url: EndpointURL(https: host),
            scope: SigningScope(service: service.signingName, region: signingRegion))
    }

    /// Where the console signs in, which isn't below the names of the API.
    private static let signInSuffixes = [
        "aws": "aws.amazon.com", "aws-cn": "amazonaws.cn", "aws-us-gov": "amazonaws-us-gov.com",
    ]

    private func iamHost(_ variant: Endpoints.Variant) -> (host: String, region: String) {
        let host =
            switch (variant.fips, variant.dualStack) {
            case (false, false): iam.plain
            case (true, false): iam.fips
            case (false, true): iam.dualStack ?? iam.plain
            case (true, true): iam.fipsDualStack ?? iam.fips
            }
        return (host, variant.fips ? iam.fipsRegion ?? iam.region : iam.region)
    }

    private func regionalHost(
        _ service: AWSService, _ region: String, _ variant: Endpoints.Variant
    ) -> (host: String, region: String) {
        if region == "aws-global", service == .sts, variant == Endpoints.Variant() {
            return ("sts.amazonaws.com", "us-east-1")
        }
        let region = region == "aws-global" ? "us-east-1" : region
        if service == .signin, variant == Endpoints.Variant(), let suffix = Self.signInSuffixes[name] {
            return ("\(region).signin.\(suffix)", region)
        }
        // GovCloud's ordinary endpoints are FIPS endpoints.
        let isOrdinary = !variant.fips || (name == "aws-us-gov" && !variant.dualStack)
        let label =
            switch service {
            case .iam, .sts: isOrdinary ? "sts" : "sts-fips"
            case .sso: isOrdinary ? "portal.sso" : "portal.sso-fips"
            case .ssoOIDC: isOrdinary ? "oidc" : "oidc-fips"
            case .signin: variant.fips ? "signin-fips" : "signin"
            }
        let suffix = variant.dualStack ? dualStackSuffix ?? suffix : suffix
        return ("\(label).\(region).\(suffix)", region)
    }
}
