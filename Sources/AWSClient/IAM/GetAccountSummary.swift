/// Counts of what there is in the account, and its quotas.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
package struct GetAccountSummary: QueryOperation {
    package static let name = "GetAccountSummary"
    package static let service = AWSService.iam

    package init() {}

    package var parameters: [(name: String, value: String)] { [] }

    package struct Output: Sendable, Equatable {
        /// By AWS's names: `Users`, `AccountAccessKeysPresent`, `AccountMFAEnabled` and so on.
        package var figures: [String: Int] = [:]

        package var users: Int? { figures["Users"] }
        /// Whether the root user has access keys; not how many.
        package var rootHasAccessKeys: Bool? { figures["AccountAccessKeysPresent"].map { $0 > 0 } }
        /// Whether the root user has MFA.
        package var rootHasMFA: Bool? { figures["AccountMFAEnabled"].map { $0 > 0 } }
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> Output {
        var output: Output?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            guard name == "SummaryMap" else { continue }
            var figures: [String: Int] = [:]
            var other: String?
            var entries = xml.children()
            while let name = try xml.next(in: &entries) {
                guard name == "entry" else {
                    other = other ?? name
                    continue
                }
                let (key, value) = try entry(from: &xml)
                guard figures.updateValue(value, forKey: key) == nil else { throw .repeated(key) }
            }
            // As with the members of a list.
            if let other { throw .unexpectedElement(other, expected: "entry") }
            output = Output(figures: figures)
        }
        guard let output else { throw .missing("SummaryMap") }
        return output
    }

    /// Nothing that is counted here is beyond this.
    private static let most = 1_000_000_000

    private static func count(_ xml: inout XMLReader) throws(XMLError) -> Int {
        let value = try xml.integer("value")
        guard (0...most).contains(value) else {
            throw .invalidValue(element: "value", value: String(value), expected: "a number of things")
        }
        return value
    }

    private static func entry(from xml: inout XMLReader) throws(XMLError) -> (key: String, value: Int) {
        var key: String?
        var value: Int?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "key": key = try xml.text()
            case "value": value = try count(&xml)
            default: break
            }
        }
        guard let key else { throw .missing("key") }
        guard let value else { throw .missing("value") }
        return (key, value)
    }
}
