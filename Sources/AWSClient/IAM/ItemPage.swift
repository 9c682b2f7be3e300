/// One page of a list of things of one kind.
package struct ItemPage<Item: Sendable>: Page {
    package var items: [Item]
    package var isTruncated: Bool?
    package var marker: String?

    package var isEmpty: Bool { items.isEmpty }

    /// Reads the result element at which the reader stands.
    ///
    /// - Parameter list: the element that holds the items: `Users`.
    init(
        _ list: String, from xml: inout XMLReader, _ item: (inout XMLReader) throws(XMLError) -> Item
    ) throws(XMLError) {
        var items: [Item]?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case list: items = try xml.members { (xml) throws(XMLError) in try item(&xml) }
            case "IsTruncated": isTruncated = try xml.boolean(name)
            case "Marker": marker = try xml.text()
            default: break
            }
        }
        // An answer without the list isn't an empty list.
        guard let items else { throw .missing(list) }
        self.items = items
    }
}
