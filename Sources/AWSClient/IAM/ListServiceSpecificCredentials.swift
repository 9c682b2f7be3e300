package import FoundationEssentials

/// Lists a user's passwords and API keys for one service each, such as CodeCommit, Keyspaces or Bedrock.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html
package struct ListServiceSpecificCredentials: UserListOperation {
    package static let name = "ListServiceSpecificCredentials"
    package static let list = "ServiceSpecificCredentials"

    package var userName: String
    package var marker: String?

    package init(userName: String) {
        self.userName = userName
    }

    package struct Credential: Sendable, Equatable {
        package var userName: String
        package var id: String
        package var serviceName: String
        /// `Active`, `Inactive`, or what AWS adds next.
        package var status: String
        package var createDate: Date
        /// Nil where it doesn't expire.
        package var expirationDate: Date?
    }

    package static func owner(of item: Credential) -> String? { item.userName }

    package static func item(from xml: inout XMLReader) throws(XMLError) -> Credential {
        var userName: String?
        var id: String?
        var serviceName: String?
        var status: String?
        var createDate: Date?
        var expirationDate: Date?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "UserName": userName = try xml.text()
            case "ServiceSpecificCredentialId": id = try xml.text()
            case "ServiceName": serviceName = try xml.text()
            case "Status": status = try xml.text()
            case "CreateDate": createDate = try xml.date(name)
            case "ExpirationDate": expirationDate = try xml.date(name)
            default: break
            }
        }
        guard let userName else { throw .missing("UserName") }
        guard let id else { throw .missing("ServiceSpecificCredentialId") }
        guard let serviceName else { throw .missing("ServiceName") }
        guard let status else { throw .missing("Status") }
        guard let createDate else { throw .missing("CreateDate") }
        return Credential(
            userName: userName, id: id, serviceName: serviceName, status: status, createDate: createDate,
            expirationDate: expirationDate)
    }
}
