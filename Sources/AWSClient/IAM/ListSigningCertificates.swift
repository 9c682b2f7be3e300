package import FoundationEssentials

/// Lists a user's X.509 certificates.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSigningCertificates.html
package struct ListSigningCertificates: UserListOperation {
    package static let name = "ListSigningCertificates"
    package static let list = "Certificates"

    package var userName: String
    package var marker: String?

    package init(userName: String) {
        self.userName = userName
    }

    package struct Certificate: Sendable, Equatable {
        package var userName: String
        package var id: String
        /// `Active`, `Inactive`, or what AWS adds next.
        package var status: String
        /// Optional in AWS's model.
        package var uploadDate: Date?
    }

    package static func owner(of item: Certificate) -> String? { item.userName }

    package static func item(from xml: inout XMLReader) throws(XMLError) -> Certificate {
        var userName: String?
        var id: String?
        var status: String?
        var uploadDate: Date?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "UserName": userName = try xml.text()
            case "CertificateId": id = try xml.text()
            case "Status": status = try xml.text()
            case "UploadDate": uploadDate = try xml.date(name)
            default: break
            }
        }
        guard let userName else { throw .missing("UserName") }
        guard let id else { throw .missing("CertificateId") }
        guard let status else { throw .missing("Status") }
        return Certificate(userName: userName, id: id, status: status, uploadDate: uploadDate)
    }
}
