import CanonicalJSON

/// The policies that are to take something away from a session.
struct SessionPolicies {
    private let document: String?
    private let isAny: Bool

    /// - Parameter constraint: what the operation asks of a policy's text.
    init(of parameters: inout Parameters, _ constraint: TextConstraint) {
        document = parameters.text("Policy", constraint)
        // The model sets no limit; the documentation says ten
        // (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
        let managed = parameters.structures("PolicyArns", atMost: 10, ["arn": .arn])
        isAny = document != nil || !managed.isEmpty
    }

    /// - Throws: MalformedPolicyDocument for what isn't an object of JSON, in the words that AWS has for policies. What is
    ///   in it isn't looked at.
    func check() throws(AWSError) {
        guard let document else { return }
        if case .object? = try? JSONValue(parsing: Array(document.utf8)) { return }
        throw AWSError(
            status: 400, code: "MalformedPolicyDocument", message: "This policy contains invalid Json", service: .sts)
    }

    var warning: String? {
        isAny
            ? "session policies (Policy, PolicyArns) aren't evaluated: a session may do what its role may; 'denied' of a "
                + "role in the account file takes something away"
            : nil
    }
}
