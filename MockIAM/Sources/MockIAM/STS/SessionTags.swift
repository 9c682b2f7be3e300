/// The tags that a session is given.
struct SessionTags {
    private let keys: [String]
    private let transitive: [String]
    /// The keys and values.
    let texts: [String]

    init(of parameters: inout Parameters) throws(AWSError) {
        // AWS looks at the value first [live].
        let tags = try parameters.structures("Tags", atMost: 50, ["Value": .tagValue, "Key": .tagKey])
        keys = tags.compactMap { $0["Key"] }
        texts = tags.flatMap(\.values)
        transitive = try parameters.texts("TransitiveTagKeys", atMost: 50, .tagKey)
    }

    /// - Throws: InvalidParameterValue, in the words that LocalStack tests against AWS
    ///   (https://github.com/localstack/localstack, tests/aws/services/sts/test_sts.py).
    func check() throws(AWSError) {
        // For these the words are those of other services of AWS's.
        if keys.contains(where: \.isReservedTagKey) {
            throw .invalidParameterValue("aws: prefixed tag key names are not allowed for external use.")
        }
        let known = Set(keys.map { $0.lowercased() })
        if known.count < keys.count {
            throw .invalidParameterValue("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
        }
        if !known.isSuperset(of: transitive.map { $0.lowercased() }) {
            throw .invalidParameterValue("The specified transitive tag key must be included in the requested tags.")
        }
    }
}

extension String {
    /// Whether AWS alone gives tags of such a key: it begins with `aws:`, whatever the case
    /// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html).
    var isReservedTagKey: Bool {
        prefix(4).lowercased() == "aws:"
    }
}

extension AWSError {
    fileprivate static func invalidParameterValue(_ message: String) -> AWSError {
        AWSError(status: 400, code: "InvalidParameterValue", message: message, service: .sts)
    }
}
