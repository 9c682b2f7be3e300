package import FoundationEssentials

/// Lists the access keys of one user.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html
package struct ListAccessKeys: UserListOperation {
    package static let name = "ListAccessKeys"
    package static let list = "AccessKeyMetadata"

    package var userName: String
    package var marker: String?

    package init(userName: String) {
        self.userName = userName
    }

    package struct AccessKeyMetadata: Sendable, Equatable {
        package var userName: String
        package var accessKeyID: String
        /// `Active`, `Inactive`, `Expired`, or what AWS adds next.
        package var status: String
        package var createDate: Date
    }

    package static func owner(of key: AccessKeyMetadata) -> String? { key.userName }

    package static func item(from xml: inout XMLReader) throws(XMLError) -> AccessKeyMetadata {
        var userName: String?
        var accessKeyID: String?
        var status: String?
        var createDate: Date?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "UserName": userName = try xml.text()
            case "AccessKeyId": accessKeyID = try xml.text()
            case "Status": status = try xml.text()
            case "CreateDate": createDate = try xml.date(name)
            default: break
            }
        }
        guard let userName else { throw .missing("UserName") }
        guard let accessKeyID, !accessKeyID.isEmpty else { throw .missing("AccessKeyId") }
        guard let status else { throw .missing("Status") }
        guard let createDate else { throw .missing("CreateDate") }
        return AccessKeyMetadata(userName: userName, accessKeyID: accessKeyID, status: status, createDate: createDate)
    }
}
