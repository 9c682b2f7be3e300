/// Where the services listen and which region a signature for them names.
package struct Endpoints: Sendable {
    /// The AWS partition, such as `aws` or `aws-cn`.
    package let partition: String
    package let iam: Endpoint
    package let sts: Endpoint
    private let sso: Endpoint
    private let ssoOIDC: Endpoint
    private let signin: Endpoint

    package struct Endpoint: Sendable, Equatable {
        package var url: EndpointURL
        package var scope: SigningScope

        package init(url: EndpointURL, scope: SigningScope) {
            self.url = url
            self.scope = scope
        }
    }

    /// Which of a service's endpoints are wanted.
    package struct Variant: Sendable, Hashable {
        /// With cryptography by FIPS 140.
        package var fips: Bool
        /// By IPv6 as well as IPv4.
        package var dualStack: Bool

        package init(fips: Bool = false, dualStack: Bool = false) {
            self.fips = fips
            self.dualStack = dualStack
        }
    }

    /// - Parameters:
    ///   - region: decides the partition, and the endpoints of all services but IAM, which has one to a partition. The
    ///     names that older configurations have are understood: `fips-us-east-1` or `us-east-1-fips` for a region's FIPS
    ///     endpoints, `aws-cn-global` for a partition.
    ///   - urls: stand in for the services' own endpoints. The signatures' scopes stay.
    /// - Throws: ``EndpointError`` where a partition hasn't what is wanted.
    package init(
        region: String, variant: Variant = Variant(), urls: [AWSService: EndpointURL] = [:]
    ) throws(EndpointError) {
        var (region, variant) = (region, variant)
        for word in ["fips-", "-fips"] where region.hasPrefix(word) || region.hasSuffix(word) {
            region = region.replacing(word, with: "")
            variant.fips = true
        }
        let partition = Partition.of(region: region)
        region = partition.region(of: region)
        self.partition = partition.name
        func endpoint(of service: AWSService) throws(EndpointError) -> Endpoint {
            guard let url = urls[service] else {
                return try partition.endpoint(of: service, region: region, variant)
            }
            // A URL of one's own is taken where there is no other.
            let scope = (try? partition.endpoint(of: service, region: region, variant).scope)
            return Endpoint(url: url, scope: scope ?? SigningScope(service: service.signingName, region: region))
        }
        iam = try endpoint(of: .iam)
        sts = try endpoint(of: .sts)
        sso = try endpoint(of: .sso)
        ssoOIDC = try endpoint(of: .ssoOIDC)
        signin = try endpoint(of: .signin)
    }

    package subscript(service: AWSService) -> Endpoint {
        switch service {
        case .iam: iam
        case .sts: sts
        case .sso: sso
        case .ssoOIDC: ssoOIDC
        case .signin: signin
        }
    }
}

/// An endpoint that a partition doesn't have.
package struct EndpointError: Error, Equatable, CustomStringConvertible {
    package var description: String
}

extension AWSService {
    /// The name that signatures have.
    package var signingName: String {
        switch self {
        case .iam: "iam"
        case .sts: "sts"
        case .sso: "awsssoportal"
        case .ssoOIDC: "sso-oauth"
        case .signin: "signin"
        }
    }
}
