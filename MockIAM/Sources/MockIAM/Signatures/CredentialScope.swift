/// What a signature is good for: one day, one region, one service.
struct CredentialScope: Hashable {
    /// `YYYYMMDD`
    var day: String
    var region: String
    var service: String
    /// `aws4_request`
    var terminator: String

    init(day: String, region: String, service: String, terminator: String = "aws4_request") {
        self.day = day
        self.region = region
        self.service = service
        self.terminator = terminator
    }

    /// `20150830/us-east-1/iam/aws4_request`
    var text: String {
        "\(day)/\(region)/\(service)/\(terminator)"
    }
}

/// An access key id and the scope of a signature by it.
struct Credential {
    var accessKeyID: String
    var scope: CredentialScope

    /// - Throws: IncompleteSignature unless there are five parts between slashes.
    init(_ text: String) throws(SignatureError) {
        let words = Array(text.utf8).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 5 else { throw .malformedCredential(text) }
        accessKeyID = words[0]
        scope = CredentialScope(day: words[1], region: words[2], service: words[3], terminator: words[4])
    }
}
