import PlainText

/// Which signatures a service accepts.
struct SignatureScope: Sendable {
    /// The name that requests to the service are signed with: `iam`, `sts`, `organizations`.
    var service: String
    var regions: Regions

    enum Regions: Sendable {
        /// A global service's one region; several where the key doesn't tell in which partition the request belongs.
        case oneOf([String])
        /// Whatever looks like a region, from `us-east-1` to `eusc-de-east-1`: the emulator doesn't keep AWS's list.
        case anyKnown
    }

    /// - Throws: SignatureDoesNotMatch with all that is wrong, in AWS's order.
    func check(_ scope: CredentialScope, against date: SigningDate) throws(SignatureError) {
        var complaints = ""
        if let complaint = regions.complaint(about: scope.region) { complaints += complaint }
        if scope.service != service { complaints += "Credential should be scoped to correct service: '\(service)'. " }
        if scope.terminator != "aws4_request" {
            complaints +=
                "Credential should be scoped with a valid terminator: 'aws4_request', not '\(scope.terminator.echo)'. "
        }
        let text = date.text
        if !text.utf8.prefix(8).elementsEqual(scope.day.utf8) {
            complaints +=
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                + "'\(scope.day.echo)' != '\(text.prefix(8))', from '\(text)'."
        }
        guard complaints.isEmpty else { throw .scope(complaints) }
    }
}

extension SignatureScope.Regions {
    /// What AWS says of a region that isn't right; nil for one that is. IAM names the region (aws-api#27,
    /// AWS.jl#565), the regional endpoints of STS stopped doing so about 2022 (terraform-provider-aws#34865); the
    /// space at the end is AWS's.
    fileprivate func complaint(about region: String) -> String? {
        switch self {
        case .oneOf(let regions) where regions.contains(region): nil
        case .oneOf: "Credential should be scoped to a valid region, not '\(region.echo)'. "
        case .anyKnown: Self.isRegion(region) ? nil : "Credential should be scoped to a valid region. "
        }
    }

    /// Two or more words and a number with hyphens between: `us-gov-west-1` is one, `aws-global` is not.
    private static func isRegion(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard 3...5 ~= parts.count, let number = parts.last, 2...4 ~= parts[0].count else { return false }
        return 1...2 ~= number.count && number.allSatisfy(\.isASCIIDigit)
            && parts.dropLast().allSatisfy { word in
                1...12 ~= word.count && word.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }
            }
    }
}
