/// An operation that lists what one user has, page by page.
package protocol UserListOperation: QueryOperation, PagedOperation where Output == ItemPage<Item> {
    associatedtype Item: Sendable

    /// The element that holds the items: `Tags`.
    static var list: String { get }

    var userName: String { get }
    /// Where the page begins; nil for the first.
    var marker: String? { get set }

    init(userName: String)

    /// Reads the item at which the reader stands.
    static func item(from xml: inout XMLReader) throws(XMLError) -> Item

    /// Whose the item is, by its own words; nil where it doesn't say.
    static func owner(of item: Item) -> String?
}

extension UserListOperation {
    package static var service: AWSService { .iam }

    package var parameters: [(name: String, value: String)] {
        [("UserName", userName)] + (marker.map { [("Marker", $0)] } ?? [])
    }

    package func from(marker: String) -> Self {
        var next = self
        next.marker = marker
        return next
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> ItemPage<Item> {
        try ItemPage(list, from: &xml) { (xml) throws(XMLError) in try item(from: &xml) }
    }
}
