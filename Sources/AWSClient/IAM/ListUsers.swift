package import FoundationEssentials

/// Lists the IAM users of the account. The answer carries no tags.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
package struct ListUsers: QueryOperation, PagedOperation {
    package static let name = "ListUsers"
    package static let service = AWSService.iam

    /// Where the page begins; nil for the first.
    package var marker: String?

    /// At most so many on a page, 1 to ``largestPage``; AWS's own 100 where it is nil. AWS may give fewer.
    package var maxItems: Int?

    /// The most that can be asked for.
    package static let largestPage = 1000

    package init(marker: String? = nil, maxItems: Int? = nil) {
        self.marker = marker
        self.maxItems = maxItems
    }

    package var parameters: [(name: String, value: String)] {
        (marker.map { [("Marker", $0)] } ?? []) + (maxItems.map { [("MaxItems", "\($0)")] } ?? [])
    }

    package func from(marker: String) -> ListUsers {
        ListUsers(marker: marker, maxItems: maxItems)
    }

    package typealias Output = ItemPage<User>

    package struct User: Sendable, Equatable {
        package var userName: String
        /// The stable and unique id, `AIDA…`.
        package var userID: String
        package var arn: String
        package var path: String
        package var createDate: Date
        /// Absent where there is no password, none was used since October 2014, or AWS doesn't say.
        package var passwordLastUsed: Date?
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> ItemPage<User> {
        try ItemPage("Users", from: &xml) { (xml) throws(XMLError) in try User(from: &xml) }
    }
}

extension ListUsers.User {
    init(from xml: inout XMLReader) throws(XMLError) {
        var userName: String?
        var userID: String?
        var arn: String?
        var path: String?
        var createDate: Date?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "UserName": userName = try xml.text()
            case "UserId": userID = try xml.text()
            case "Arn": arn = try xml.text()
            case "Path": path = try xml.text()
            case "CreateDate": createDate = try xml.date(name)
            case "PasswordLastUsed": passwordLastUsed = try xml.date(name)
            default: break
            }
        }
        guard let userName, !userName.isEmpty else { throw .missing("UserName") }
        guard let userID else { throw .missing("UserId") }
        guard let arn else { throw .missing("Arn") }
        guard let createDate else { throw .missing("CreateDate") }
        self.userName = userName
        self.userID = userID
        self.arn = arn
        self.path = path ?? "/"
        self.createDate = createDate
    }
}
