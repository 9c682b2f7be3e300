/// Lists a user's tags.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserTags.html
package struct ListUserTags: UserListOperation {
    package static let name = "ListUserTags"
    package static let list = "Tags"

    package var userName: String
    package var marker: String?

    package init(userName: String) {
        self.userName = userName
    }

    package struct Tag: Sendable, Equatable {
        package var key: String
        package var value: String
    }

    package static func owner(of tag: Tag) -> String? { nil }

    package static func item(from xml: inout XMLReader) throws(XMLError) -> Tag {
        var key: String?
        var value: String?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "Key": key = try xml.text()
            case "Value": value = try xml.text()
            default: break
            }
        }
        guard let key else { throw .missing("Key") }
        guard let value else { throw .missing("Value") }
        return Tag(key: key, value: value)
    }
}
