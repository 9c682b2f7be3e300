package import FoundationEssentials

/// Lists a user's SSH keys for CodeCommit.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSSHPublicKeys.html
package struct ListSSHPublicKeys: UserListOperation {
    package static let name = "ListSSHPublicKeys"
    package static let list = "SSHPublicKeys"

    package var userName: String
    package var marker: String?

    package init(userName: String) {
        self.userName = userName
    }

    package struct PublicKey: Sendable, Equatable {
        package var userName: String
        package var id: String
        /// `Active`, `Inactive`, or what AWS adds next.
        package var status: String
        package var uploadDate: Date
    }

    package static func owner(of item: PublicKey) -> String? { item.userName }

    package static func item(from xml: inout XMLReader) throws(XMLError) -> PublicKey {
        var userName: String?
        var id: String?
        var status: String?
        var uploadDate: Date?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "UserName": userName = try xml.text()
            case "SSHPublicKeyId": id = try xml.text()
            case "Status": status = try xml.text()
            case "UploadDate": uploadDate = try xml.date(name)
            default: break
            }
        }
        guard let userName else { throw .missing("UserName") }
        guard let id else { throw .missing("SSHPublicKeyId") }
        guard let status else { throw .missing("Status") }
        guard let uploadDate else { throw .missing("UploadDate") }
        return PublicKey(userName: userName, id: id, status: status, uploadDate: uploadDate)
    }
}
