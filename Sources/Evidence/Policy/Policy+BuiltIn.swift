import EvidenceSchemas
package import StrictYAML

extension Policy {
    /// The policies that come with KeyWitness: files in `evidence-schemas/policies`.
    package enum BuiltIn: String, CaseIterable, Sendable {
        /// The levels that users know, with limits of 90 days.
        case `default`
        /// The limits of the CIS AWS Foundations Benchmark.
        case cisAWS = "cis-aws"
        /// For accounts in which keys are a rare exception.
        case strict

        /// The file, with its comments.
        package var text: String {
            let bytes =
                switch self {
                case .default: EvidenceSchema.defaultPolicy
                case .cisAWS: EvidenceSchema.cisAWSPolicy
                case .strict: EvidenceSchema.strictPolicy
                }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    package init(_ builtIn: BuiltIn) throws(YAMLError) {
        switch builtIn {
        // The one that others extend stands in code; a test holds its file to it.
        case .default: self.init()
        case .cisAWS, .strict:
            try self.init(reading: YAMLValue(parsing: builtIn.text, file: "\(builtIn.rawValue) (built in)"))
        }
    }
}

extension Policy {
    /// The built-in policy that readers take one of this name for, or for that one as options have adjusted it.
    var builtInMeant: BuiltIn? {
        let name = name.lowercased()
        return BuiltIn.allCases.first { [$0.rawValue, $0.rawValue + Self.adjustedSuffix].contains(name) }
    }

    /// Whether it is a built-in one, or what options can make of that.
    func isMade(from builtIn: BuiltIn) -> Bool {
        guard var made = try? Policy(builtIn) else { return false }
        if self == made { return true }
        try? made.adjust(keyAge: rules.limits.keyAge, lastUsed: rules.limits.lastUsed)
        return self == made
    }
}
