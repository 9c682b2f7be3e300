import AWSClient
import FoundationEssentials
import Testing

@Suite struct EndpointTests {
    /// A line of botocore-endpoints.jsonl, which `generate_endpoints.py` writes.
    private struct Case: Decodable {
        struct Endpoint: Decodable, Equatable {
            var signing_region: String
            var url: String
        }

        var service: String
        var region: String
        var fips: Bool
        var dual_stack: Bool
        /// Nil where there is none.
        var endpoint: Endpoint?
    }

    private func cases() throws -> [Case] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "botocore-endpoints.jsonl")
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Case.self, from: Data($0))
        }
    }

    @Test func `every endpoint of AWS is one by its name, and nobody else's is`() throws {
        for endpoint in try cases().filter({ ["iam", "sts"].contains($0.service) }).compactMap(\.endpoint) {
            #expect(try #require(EndpointURL(endpoint.url)).isOfAWS, "\(endpoint.url)")
        }
        for url in [
            "http://127.0.0.1:4566", "https://amazonaws.com.example.com", "https://iamamazonaws.com",
            "https://iam.amazonaws.com.example", "https://localhost",
            // What AWS's customers have, and what others can listen to.
            "https://iam.s3.amazonaws.com", "https://sts.s3-us-west-2.amazonaws.com",
            "https://sts.s3.us-west-2.amazonaws.com",
            "https://ec2-203-0-113-7.compute-1.amazonaws.com", "https://x.execute-api.us-east-1.amazonaws.com",
            "https://sts.elb.us-east-1.amazonaws.com", "http://iam.amazonaws.com", "https://iam.amazonaws.com:8443",
            "https://sts.us-east-1.vpce.amazonaws.com", "https://sts.-east-1.amazonaws.com",
            "https://sts.us-east-x1.amazonaws.com", "https://sts..amazonaws.com",
        ] {
            #expect(try #require(EndpointURL(url)).isOfAWS == false, "\(url)")
        }
        #expect(try #require(EndpointURL("https://organizations.us-east-1.amazonaws.com:443")).isOfAWS)
    }

    @Test func `hosts and signing regions are botocore's, in every partition and variant`() throws {
        let cases = try cases()
        #expect(cases.count == 280)
        for test in cases {
            let service = try #require(AWSService(rawValue: test.service))
            let variant = Endpoints.Variant(fips: test.fips, dualStack: test.dual_stack)
            let endpoint = try? Endpoints(region: test.region, variant: variant)[service]
            let found = endpoint.map {
                Case.Endpoint(signing_region: $0.scope.region, url: String($0.url.description.dropLast()))
            }
            #expect(found == test.endpoint, "\(test)")
        }
    }

    @Test func `aws-global is the global STS, signed for us-east-1`() throws {
        let endpoints = try Endpoints(region: "aws-global")
        #expect(endpoints.sts.url.description == "https://sts.amazonaws.com/")
        #expect(endpoints.sts.scope == SigningScope(service: "sts", region: "us-east-1"))
        #expect(endpoints.iam.scope == SigningScope(service: "iam", region: "us-east-1"))
    }

    @Test(arguments: [
        ("fips-us-east-1", "aws", "iam-fips.amazonaws.com", "us-east-1", "sts-fips.us-east-1.amazonaws.com"),
        ("us-east-1-fips", "aws", "iam-fips.amazonaws.com", "us-east-1", "sts-fips.us-east-1.amazonaws.com"),
        (
            "fips-us-gov-west-1", "aws-us-gov", "iam.us-gov.amazonaws.com", "us-gov-west-1",
            "sts.us-gov-west-1.amazonaws.com"
        ),
        ("aws-cn-global", "aws-cn", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1", "sts.cn-north-1.amazonaws.com.cn"),
        (
            "aws-us-gov-global", "aws-us-gov", "iam.us-gov.amazonaws.com", "us-gov-west-1",
            "sts.us-gov-west-1.amazonaws.com"
        ),
        ("aws-iso-global", "aws-iso", "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "sts.us-iso-east-1.c2s.ic.gov"),
        (
            "aws-iso-b-global", "aws-iso-b", "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1",
            "sts.us-isob-east-1.sc2s.sgov.gov"
        ),
    ])
    func `the names of older configurations are understood`(
        region: String, partition: String, iam: String, signingRegion: String, sts: String
    ) throws {
        let endpoints = try Endpoints(region: region)
        #expect(endpoints.partition == partition)
        #expect(endpoints.iam.url.host == iam)
        #expect(endpoints.iam.scope.region == signingRegion)
        #expect(endpoints.sts.url.host == sts)
        #expect(endpoints.sts.scope.region == signingRegion)
    }

    @Test func `a URL of one's own stands in for the host, not for the scope, and needs no endpoint of AWS's`() throws {
        let url = try #require(EndpointURL("http://127.0.0.1:1"))
        let variant = Endpoints.Variant(dualStack: true)
        let all = Dictionary(uniqueKeysWithValues: AWSService.allCases.map { ($0, url) })
        let endpoints = try Endpoints(region: "us-isof-south-1", variant: variant, urls: all)
        #expect(endpoints.iam.url == url)
        #expect(try Endpoints(region: "cn-northwest-1", urls: [.iam: url]).iam.scope.region == "cn-north-1")
        #expect(throws: EndpointError.self) { try Endpoints(region: "us-isof-south-1", variant: variant) }
    }

    /// The one endpoint for the whole world has no cryptography by FIPS 140, and no IPv6.
    @Test func `whoever wants another kind of STS's endpoint gets one of a region`() throws {
        func host(_ variant: Endpoints.Variant) throws -> String {
            try Endpoints(region: "aws-global", variant: variant).sts.url.host
        }
        #expect(try host(Endpoints.Variant()) == "sts.amazonaws.com")
        #expect(try host(Endpoints.Variant(fips: true)) == "sts-fips.us-east-1.amazonaws.com")
        #expect(try host(Endpoints.Variant(dualStack: true)) == "sts.us-east-1.api.aws")
    }

    @Test(arguments: [
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566/"), ("HTTPS://IAM.example", "https://iam.example/"),
        ("http://[::1]:80/p", "http://[::1]:80/p"), ("http://[::1]", "http://[::1]/"),
    ])
    func `an endpoint URL is scheme, host, port and path`(text: String, expected: String) {
        #expect(EndpointURL(text)?.description == expected)
    }

    @Test(arguments: [
        "", "iam.amazonaws.com", "ftp://a", "http://", "http://user:pw@host", "http://a?b", "http://a#b", "http://a:0",
        "http://a:99999", "http://a b", "http://a:x", "http://[::1",
    ])
    func `nothing else is an endpoint URL`(text: String) {
        #expect(EndpointURL(text) == nil)
    }

    @Test(arguments: [
        ("http://127.0.0.1", true), ("http://127.255.0.1:8", true), ("http://localhost", true), ("http://[::1]", true),
        ("http://127.0.0.1.evil.example", false), ("http://localhost.evil.example", false), ("http://10.0.0.1", false),
        ("http://1270.0.0.1", false), ("http://127.0.0.example", false), ("http://127.evil.example.com", false),
    ])
    func `loopback is this machine and nothing that looks like it`(text: String, expected: Bool) {
        #expect(EndpointURL(text)?.isLoopback == expected)
    }
}
