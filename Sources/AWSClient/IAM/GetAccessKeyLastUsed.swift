package import FoundationEssentials

/// When, with which service and in which region an access key was last used.
///
/// AWS keeps this since 2015-04-22, in spans of 15 minutes, and a use may show with a lag.
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
package struct GetAccessKeyLastUsed: QueryOperation {
    package static let name = "GetAccessKeyLastUsed"
    package static let service = AWSService.iam

    package var accessKeyID: String

    package init(accessKeyID: String) {
        self.accessKeyID = accessKeyID
    }

    package var parameters: [(name: String, value: String)] {
        [("AccessKeyId", accessKeyID)]
    }

    package struct Output: Sendable, Equatable {
        /// The key's owner.
        package var userName: String?
        /// Absent where no use is known.
        package var lastUsedDate: Date?
        /// `N/A` where no use is known.
        package var serviceName: String
        /// `N/A` where no use is known, and for some global services although the key was used.
        package var region: String
    }

    /// Whether an error says that AWS doesn't know the key: that it was deleted, or is another account's.
    ///
    /// AWS says `NoSuchEntity` of users and not of keys. Of those it says that the caller may not ask about "access key
    /// AKIA…", where a permission that is missing is one to ask about "user …": recorded by LocalStack,
    /// https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_users.snapshot.json
    /// (`get-last-used-nonexistent-key-error`).
    package func isUnknown(by error: AWSError) -> Bool {
        guard case .service(let code, let message, _) = error.reason else { return false }
        let said = AWSErrorCode(rawValue: code)
        return said == .noSuchEntity || said.isAccessDenied && message.contains("access key \(accessKeyID)")
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> Output {
        var userName: String?
        var lastUsed: Output?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "UserName": userName = try xml.text()
            case "AccessKeyLastUsed": lastUsed = try lastUse(from: &xml)
            default: break
            }
        }
        guard var lastUsed else { throw .missing("AccessKeyLastUsed") }
        lastUsed.userName = userName
        return lastUsed
    }

    private static func lastUse(from xml: inout XMLReader) throws(XMLError) -> Output {
        var date: Date?
        var serviceName: String?
        var region: String?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "LastUsedDate": date = try xml.date(name)
            case "ServiceName": serviceName = try xml.text()
            case "Region": region = try xml.text()
            default: break
            }
        }
        guard let serviceName else { throw .missing("ServiceName") }
        guard let region else { throw .missing("Region") }
        return Output(userName: nil, lastUsedDate: date, serviceName: serviceName, region: region)
    }
}
