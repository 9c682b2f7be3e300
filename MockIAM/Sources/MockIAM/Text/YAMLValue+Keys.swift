import StrictYAML

extension YAMLValue {
    /// A mapping whose keys are known. Whoever gives another one, with none like it, is told which there are: nobody knows
    /// all keys of an account by heart.
    ///
    /// - Parameters:
    ///   - what: what it describes, with its article: `a user`.
    ///   - keys: the keys that it may have, by their raw values.
    func mapping<Key: YAMLKey>(of what: String, by keys: Key.Type) throws(YAMLError) -> YAMLMapping<Key> {
        do throws(YAMLError) {
            return try mapping(what, keys: keys)
        } catch {
            var told = error
            if told.reason.hasSuffix("is not a key of \(what)") {
                told.reason += "; there are \(Key.allCases.map(\.rawValue).joined(separator: ", "))"
            }
            throw told
        }
    }

    /// Whether it is a mapping that has one of some keys.
    func has(oneOf keys: [String]) throws(YAMLError) -> Bool {
        guard form == .mapping else { return false }
        return try entries().contains { keys.contains($0.key) }
    }
}
