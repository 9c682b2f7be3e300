/// What AWS's service models ask of a text. Lengths are in UTF-16 units, as Java counts them.
struct TextConstraint: Sendable {
    var length: ClosedRange<Int>
    /// The regular expression as messages show it.
    var pattern: String?
    var allows: @Sendable (Unicode.Scalar) -> Bool = { _ in true }
    /// What the text must begin with.
    var start = ""
    /// What IAM says in its own words where the pattern isn't kept, instead of showing it: "It must…".
    var advice: String?

    /// In AWS's words; empty if the text is right, but for its pattern where there is an ``advice``.
    func failures(of text: String) -> [String] {
        var failures: [String] = []
        if let pattern, advice == nil, !keepsPattern(text) {
            failures.append("Member must satisfy regular expression pattern: \(pattern)")
        }
        if text.utf16.count < length.lowerBound {
            failures.append("Member must have length greater than or equal to \(length.lowerBound)")
        }
        if text.utf16.count > length.upperBound {
            failures.append("Member must have length less than or equal to \(length.upperBound)")
        }
        return failures
    }

    /// All that it asks, in AWS's words and order.
    var requirements: [String] {
        [
            "Member must have length less than or equal to \(length.upperBound)",
            "Member must have length greater than or equal to \(length.lowerBound)",
        ] + (pattern.map { ["Member must satisfy regular expression pattern: \($0)"] } ?? [])
    }

    func keepsPattern(_ text: String) -> Bool {
        text.hasPrefix(start) && text.unicodeScalars.allSatisfy(allows) && !(text.isEmpty && wantsCharacters)
    }

    /// Whether the pattern is of one character at least.
    private var wantsCharacters: Bool { pattern?.hasSuffix("+") ?? false }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        "A"..."Z" ~= scalar || "a"..."z" ~= scalar || "0"..."9" ~= scalar || scalar == "_"
    }

    /// Letters, separators and numbers of any script, and some signs.
    private static func isOfTags(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .spaceSeparator,
            .lineSeparator, .paragraphSeparator, .decimalNumber, .letterNumber, .otherNumber:
            true
        default: "_.:/=+-@".unicodeScalars.contains(scalar)
        }
    }

    /// botocore's `existingUserNameType`.
    static let userName = userName(longest: 128)
    /// botocore's `userNameType`, which some operations ask for instead.
    static let newUserName = userName(longest: 64)
    /// botocore's `accessKeyIdType`.
    static let accessKeyID = TextConstraint(length: 16...128, pattern: #"[\w]+"#, allows: isWord)
    /// botocore's `pathPrefixType`; the advice from aws/aws-sdk#36.
    static let pathPrefix = TextConstraint(
        length: 1...512, pattern: #"\u002F[\u0021-\u007F]*"#, allows: { "!"..."\u{7F}" ~= $0 }, start: "/",
        advice: "It must begin with the / character and contain only alphanumeric characters and/or / characters.")
    /// botocore's `markerType`.
    static let marker = TextConstraint(length: 1...320, pattern: #"[\u0020-\u00FF]+"#) { " "..."\u{FF}" ~= $0 }
    /// botocore's `roleSessionNameType`.
    static let sessionName = TextConstraint(length: 2...64, pattern: #"[\w+=,.@-]*"#, allows: userName.allows)
    /// botocore's `arnType`. Its pattern has four digits too few or too many for what is beyond U+FFFF, which AWS refuses for
    /// it [live].
    static let arn = TextConstraint(
        length: 20...2048,
        pattern: #"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+"#
    ) { scalar in
        switch scalar {
        case "\t", "\n", "\r", " "..."~", "\u{85}", "\u{A0}"..."\u{FFFD}": true
        default: false
        }
    }
    /// botocore's `ResourceNameType`: an ARN, or `*`.
    static let resourceName = TextConstraint(length: 1...2048)
    /// botocore's `externalIdType`.
    static let externalID = TextConstraint(length: 2...1224, pattern: #"[\w+=,.@:\/-]*"#) {
        isWord($0) || "+=,.@:/-".unicodeScalars.contains($0)
    }
    /// botocore's `serialNumberType`.
    static let serialNumber = TextConstraint(length: 9...256, pattern: #"[\w+=/:,.@-]*"#) {
        isWord($0) || "+=/:,.@-".unicodeScalars.contains($0)
    }
    /// botocore's `tokenCodeType`.
    static let tokenCode = TextConstraint(length: 6...6, pattern: #"[\d]*"#) { "0"..."9" ~= $0 }
    /// botocore's `sessionPolicyDocumentType`. That of AssumeRole, `unrestrictedSessionPolicyDocumentType`, has no limit, but
    /// the operation's page has the same (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    static let sessionPolicy = TextConstraint(length: 1...2048, pattern: #"[\u0009\u000A\u000D\u0020-\u00FF]+"#) {
        scalar in
        " "..."\u{FF}" ~= scalar || ["\t", "\n", "\r"].contains(scalar)
    }
    /// botocore's `sourceIdentityType`.
    static let sourceIdentity = TextConstraint(length: 2...64, pattern: #"[\w+=,.@-]*"#, allows: userName.allows)
    /// botocore's `tagKeyType`.
    static let tagKey = TextConstraint(length: 1...128, pattern: #"[\p{L}\p{Z}\p{N}_.:/=+\-@]+"#, allows: isOfTags)
    /// botocore's `tagValueType`.
    static let tagValue = TextConstraint(length: 0...256, pattern: #"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"#, allows: isOfTags)
    /// botocore's `clientTokenType`.
    static let webIdentityToken = TextConstraint(length: 4...20_000)
    /// botocore's `ActionNameType`.
    static let actionName = TextConstraint(length: 3...128)
    static let anything = TextConstraint(length: 0...20_000)

    /// The advice as in wallix/awless#277.
    private static func userName(longest: Int) -> TextConstraint {
        TextConstraint(
            length: 1...longest, pattern: #"[\w+=,.@-]+"#,
            allows: { isWord($0) || "+=,.@-".unicodeScalars.contains($0) },
            advice: "It must contain only alphanumeric characters and/or the following: +=,.@_-")
    }
}
