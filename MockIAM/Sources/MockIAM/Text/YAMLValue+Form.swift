import StrictYAML

extension YAMLValue {
    /// Whether it is a mapping that has one of some keys.
    func has(oneOf keys: [String]) throws(YAMLError) -> Bool {
        guard form == .mapping else { return false }
        return try entries().contains { keys.contains($0.key) }
    }
}
