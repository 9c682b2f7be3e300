@testable import MockIAM

extension AWSExampleTests {
    private static let unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    /// Requests of the aws-sig-v4-test-suite, told anew; the signatures are AWS's, and botocore's as well.
    static let suite: [SuiteCase] = [
        SuiteCase("get-vanilla", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", "GET", "/"),
        SuiteCase("get-vanilla-query", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", "GET", "/"),
        SuiteCase(
            "get-vanilla-empty-query-key", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb", "GET",
            "/?Param1=value1"),
        SuiteCase(
            "get-vanilla-query-order-key", "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1", "GET",
            "/?Param1=value2&Param1=Value1"),
        SuiteCase(
            "get-vanilla-query-order-key-case", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            "GET", "/?Param2=value2&Param1=value1"),
        SuiteCase(
            "get-vanilla-query-order-value", "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694", "GET",
            "/?Param1=value2&Param1=value1"),
        SuiteCase(
            "get-vanilla-query-unreserved", "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197", "GET",
            "/?\(unreserved)=\(unreserved)"
        ),
        SuiteCase(
            "get-vanilla-utf8-query", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04", "GET",
            "/?%E1%88%B4=bar"),
        SuiteCase(
            "get-unreserved", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f", "GET",
            "/\(unreserved)"),
        SuiteCase("get-utf8", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85", "GET", "/ሴ"),
        SuiteCase(
            "get-relative", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", "GET", "/example/.."),
        SuiteCase(
            "get-relative-relative", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", "GET",
            "/example1/example2/../.."),
        SuiteCase("get-slash", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", "GET", "//"),
        SuiteCase(
            "get-slash-dot-slash", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", "GET", "/./"),
        SuiteCase(
            "get-slash-pointless-dot", "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5", "GET",
            "/./example"),
        SuiteCase(
            "get-slashes", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84", "GET", "//example//"),
        SuiteCase(
            "get-space", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741", "GET", "/example space/"),
        SuiteCase(
            "get-header-key-duplicate", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea", "GET", "/",
            [
                (name: "My-Header1", value: "value2"), (name: "My-Header1", value: "value2"),
                (name: "My-Header1", value: "value1"),
            ]),
        SuiteCase(
            "get-header-value-order", "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01", "GET", "/",
            [
                (name: "My-Header1", value: "value4"), (name: "My-Header1", value: "value1"),
                (name: "My-Header1", value: "value3"), (name: "My-Header1", value: "value2"),
            ]),
        SuiteCase(
            "get-header-value-trim", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736", "GET", "/",
            [(name: "My-Header1", value: " value1"), (name: "My-Header2", value: " \"a   b   c\"")]),
        SuiteCase("post-vanilla", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b", "POST", "/"),
        SuiteCase(
            "post-vanilla-query", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11", "POST",
            "/?Param1=value1"),
        SuiteCase(
            "post-header-key-case", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b", "POST", "/"),
        SuiteCase(
            "post-header-key-sort", "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c", "POST", "/",
            [(name: "My-Header1", value: "value1")]),
        SuiteCase(
            "post-header-value-case", "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d", "POST", "/",
            [(name: "My-Header1", value: "VALUE1")]),
        SuiteCase(
            "post-x-www-form-urlencoded", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a", "POST",
            "/", [(name: "Content-Type", value: "application/x-www-form-urlencoded")], body: "Param1=value1"),
        SuiteCase(
            "post-x-www-form-urlencoded-parameters", "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
            "POST", "/", [(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf8")],
            body: "Param1=value1"),
    ]
}
