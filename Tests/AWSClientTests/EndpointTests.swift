import AWSClient
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        ("us-east-1", "iam.amazonaws.com", "us-east-1", "sts.us-east-1.amazonaws.com", "us-east-1"),
        ("eu-west-1", "iam.amazonaws.com", "us-east-1", "sts.eu-west-1.amazonaws.com", "eu-west-1"),
        ("aws-global", "iam.amazonaws.com", "us-east-1", "sts.amazonaws.com", "us-east-1"),
        (
            "cn-northwest-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1", "sts.cn-northwest-1.amazonaws.com.cn",
            "cn-northwest-1"
        ),
        (
            "us-gov-east-1", "iam.us-gov.amazonaws.com", "us-gov-west-1", "sts.us-gov-east-1.amazonaws.com",
            "us-gov-east-1"
        ),
        (
            "eusc-de-east-1", "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "sts.eusc-de-east-1.amazonaws.eu",
            "eusc-de-east-1"
        ),
    ])
    func `a region decides hosts and signing regions`(
        region: String, iamHost: String, iamRegion: String, stsHost: String, stsRegion: String
    ) {
        let endpoints = Endpoints(region: region)
        #expect(endpoints.iam.url.description == "https://\(iamHost)/")
        #expect(endpoints.iam.scope == SigningScope(service: "iam", region: iamRegion))
        #expect(endpoints.sts.url.description == "https://\(stsHost)/")
        #expect(endpoints.sts.scope == SigningScope(service: "sts", region: stsRegion))
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
}
