import CanonicalJSON

/// The policies that are to take something away from a session.
struct SessionPolicies {
    private let document: String?
    private let managed: [String]

    init(of parameters: inout Parameters) throws(AWSError) {
        document = parameters.text("Policy", .sessionPolicy)
        // The model sets no limit; the documentation says ten
        // (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
        managed = try parameters.structures("PolicyArns", atMost: 10, ["arn": .arn]).compactMap { $0["arn"] }
    }

    /// - Throws: MalformedPolicyDocument for what isn't an object of JSON, in the words that AWS has for policies; what is
    ///   in it isn't looked at. ValidationError for an ARN that is no policy's, in the words that AWS has for roles.
    func check() throws(AWSError) {
        if let wrong = managed.first(where: { !$0.isPolicyARN }) { throw .validation("\(wrong) is invalid") }
        guard let document else { return }
        if case .object? = try? JSONValue(parsing: Array(document.utf8)) { return }
        throw AWSError(
            status: 400, code: "MalformedPolicyDocument", message: "This policy contains invalid Json", service: .sts)
    }

    /// How much of the room for policies and tags is taken up, in per cent; nil where there are none.
    ///
    /// AWS packs them in a way that it doesn't tell, so this is an estimate: the bytes of all texts, as a share of the 2,048
    /// that a policy alone may have. Tags can be longer than that together. AWS would refuse what it has no room for;
    /// here it is 100.
    func packedSize(besides tags: SessionTags? = nil) -> Int? {
        let texts = (document.map { [$0] } ?? []) + managed + (tags?.texts ?? [])
        guard !texts.isEmpty else { return nil }
        let bytes = texts.reduce(0) { $0 + $1.utf8.count }
        return min(max((bytes * 100 + 2047) / 2048, 1), 100)
    }

    var warning: String? {
        document != nil || !managed.isEmpty
            ? "session policies (Policy, PolicyArns) aren't evaluated: a session may do what its role may; 'denied' of a "
                + "role in the account file takes something away"
            : nil
    }
}

extension String {
    /// Whether it is the ARN of a managed policy, AWS's or an account's: `arn:aws:iam::aws:policy/ReadOnlyAccess`.
    fileprivate var isPolicyARN: Bool {
        let parts = split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 && parts[0] == "arn" && !parts[1].isEmpty && parts[2] == "iam" && parts[3].isEmpty
            && (parts[4] == "aws" || parts[4].isAccountID) && parts[5].hasPrefix("policy/")
            && !parts[5].hasSuffix("/")
    }
}
