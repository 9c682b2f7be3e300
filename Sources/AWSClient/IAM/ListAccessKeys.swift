package import FoundationEssentials

/// Lists the access keys of one user.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html
package struct ListAccessKeys: QueryOperation, PagedOperation {
    package static let name = "ListAccessKeys"
    package static let service = AWSService.iam

    package var userName: String
    /// Where the page begins; nil for the first.
    package var marker: String?

    package init(userName: String, marker: String? = nil) {
        self.userName = userName
        self.marker = marker
    }

    package var parameters: [(name: String, value: String)] {
        [("UserName", userName)] + (marker.map { [("Marker", $0)] } ?? [])
    }

    package func from(marker: String) -> ListAccessKeys {
        ListAccessKeys(userName: userName, marker: marker)
    }

    package struct Output: Page {
        package var accessKeys: [AccessKeyMetadata] = []
        package var isTruncated: Bool?
        package var marker: String?
    }

    package struct AccessKeyMetadata: Sendable, Equatable {
        package var userName: String
        package var accessKeyID: String
        /// `Active`, `Inactive`, `Expired`, or what AWS adds next.
        package var status: String
        package var createDate: Date
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> Output {
        var output = Output()
        var children = xml.children()
        var sawKeys = false
        while let name = try xml.next(in: &children) {
            switch name {
            case "AccessKeyMetadata":
                sawKeys = true
                output.accessKeys += try xml.members { (xml) throws(XMLError) in try AccessKeyMetadata(from: &xml) }
            case "IsTruncated": output.isTruncated = try xml.boolean(name)
            case "Marker": output.marker = try xml.text()
            default: break
            }
        }
        // An answer without the list isn't an empty list.
        guard sawKeys else { throw .missing("AccessKeyMetadata") }
        return output
    }
}

extension ListAccessKeys.AccessKeyMetadata {
    init(from xml: inout XMLReader) throws(XMLError) {
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
        self.init(userName: userName, accessKeyID: accessKeyID, status: status, createDate: createDate)
    }
}
