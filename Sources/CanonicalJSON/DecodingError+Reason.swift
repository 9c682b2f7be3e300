extension DecodingError {
    /// What isn't as it should be, and where, in words for whoever has the document: `metadata.account_id is missing`.
    package var plainReason: String { plainReason(below: 0) }

    /// The same for a part of a document: `name is missing`.
    ///
    /// - Parameter depth: how many steps lead to the part.
    package func plainReason(below depth: Int) -> String {
        func path(_ keys: [any CodingKey]) -> String { Self.path(keys.dropFirst(depth)) }
        return switch self {
        case .keyNotFound(let key, let context): "\(path(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context): "\(path(context.codingPath)) has another type than expected"
        case .valueNotFound(_, let context): "\(path(context.codingPath)) is null"
        // The parser's own, whose words differ from system to system.
        case .dataCorrupted(let context)
        where context.underlyingError != nil || context.debugDescription == "The given data was not valid JSON.":
            "it isn't JSON"
        case .dataCorrupted(let context):
            context.codingPath.count <= depth
                ? context.debugDescription : "\(path(context.codingPath)): \(context.debugDescription)"
        @unknown default: "it isn't as it should be"
        }
    }

    /// `users[3].name`
    private static func path(_ keys: some Sequence<any CodingKey>) -> String {
        var path = ""
        for key in keys {
            if let place = key.intValue {
                path += "[\(place)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return path.isEmpty ? "the whole" : path
    }
}
