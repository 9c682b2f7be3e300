/// Whose credentials these are. It needs no permission.
///
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
package struct GetCallerIdentity: QueryOperation {
    package static let name = "GetCallerIdentity"
    package static let service = AWSService.sts

    package init() {}

    package var parameters: [(name: String, value: String)] { [] }

    package struct Output: Sendable, Equatable {
        package var userID: String
        /// The twelve-digit account.
        package var account: String
        package var arn: String
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> Output {
        var userID: String?
        var account: String?
        var arn: String?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "UserId": userID = try xml.text()
            case "Account": account = try xml.text()
            case "Arn": arn = try xml.text()
            default: break
            }
        }
        guard let userID else { throw .missing("UserId") }
        guard let account else { throw .missing("Account") }
        // It names a folder of the bundle, so nothing but an account id may stand here.
        guard account.utf8.count == 12, account.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .invalidValue(element: "Account", value: account, expected: "a twelve-digit account id")
        }
        guard let arn else { throw .missing("Arn") }
        guard ARN(arn)?.account == account else {
            throw .invalidValue(element: "Arn", value: arn, expected: "an ARN of account \(account)")
        }
        return Output(userID: userID, account: account, arn: arn)
    }
}
