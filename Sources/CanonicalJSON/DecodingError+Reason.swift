extension DecodingError {
    /// What isn't as it should be, and where, in words for whoever has the document: `metadata.account_id is missing`.
    package var plainReason: String {
        switch self {
        case .keyNotFound(let key, let context): "\(Self.path(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context): "\(Self.path(context.codingPath)) has another type than expected"
        case .valueNotFound(_, let context): "\(Self.path(context.codingPath)) is null"
        // The parser's own, whose words differ from system to system.
        case .dataCorrupted(let context)
        where context.underlyingError != nil || context.debugDescription == "The given data was not valid JSON.":
            "it isn't JSON"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? context.debugDescription : "\(Self.path(context.codingPath)): \(context.debugDescription)"
        @unknown default: "it isn't as it should be"
        }
    }

    /// `users[3].name`
    private static func path(_ keys: [any CodingKey]) -> String {
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
