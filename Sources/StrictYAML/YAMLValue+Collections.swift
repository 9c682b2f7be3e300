extension YAMLValue {
    /// The elements of a list.
    package func items() throws(YAMLError) -> [YAMLValue] {
        guard case .sequence(let elements) = node.content else { throw error(expected: "a list") }
        var items: [YAMLValue] = []
        items.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            items.append(YAMLValue(element, file: file, place: .index(place, index)))
        }
        return items
    }

    /// The keys and values of a mapping whose keys aren't known beforehand, in the order of the file.
    package func entries() throws(YAMLError) -> [(key: String, value: YAMLValue)] {
        guard case .mapping(let entries) = node.content else { throw error(expected: "keys with values") }
        return entries.map { ($0.key, YAMLValue($0.value, file: file, place: .key(place, $0.key))) }
    }

    /// A mapping whose keys are known.
    ///
    /// - Parameters:
    ///   - what: what it describes, with its article: `a user`.
    ///   - keys: the keys that it may have, by their raw values.
    /// - Throws: where it isn't a mapping, or has a key that isn't one of `keys`.
    package func mapping<Key: YAMLKey>(_ what: String, keys: Key.Type) throws(YAMLError) -> YAMLMapping<Key> {
        guard case .mapping(let entries) = node.content else { throw error(expected: "\(what) (keys with values)") }
        for entry in entries where Key(rawValue: entry.key) == nil {
            var reason = "\(entry.key.quoted) is not a key of \(what)"
            let known = Key.allCases.map(\.rawValue)
            if let near = entry.key.nearest(in: known) {
                reason += "; did you mean '\(near)'?"
            } else {
                reason += "; those are \(known.joined(separator: ", "))"
            }
            throw YAMLError(file: file, line: Int(entry.line), path: path, reason: reason)
        }
        return YAMLMapping(value: self, what: what, entries: entries)
    }
}

/// The keys that a mapping may have.
package typealias YAMLKey = RawRepresentable<String> & CaseIterable & Sendable

/// A mapping that has no other keys than those of `Key`, a ``YAMLKey``. What that asks for stands with the members: the
/// runtime looks a type's own constraints up among all that there are whenever it makes the type, and a policy has keys
/// of a dozen kinds.
package struct YAMLMapping<Key>: Sendable {
    /// The mapping itself, for errors about it.
    package let value: YAMLValue
    let what: String
    let entries: [YAMLNode.Entry]
}

extension YAMLMapping where Key: YAMLKey {
    /// The value of a key; nil where the mapping doesn't have it.
    package subscript(key: Key) -> YAMLValue? {
        entries.first { $0.key == key.rawValue }.map {
            YAMLValue($0.value, file: value.file, place: .key(value.place, $0.key))
        }
    }

    /// The value of a key that must be there.
    package func required(_ key: Key) throws(YAMLError) -> YAMLValue {
        guard let found = self[key] else { throw value.error("\(what) needs the key '\(key.rawValue)'") }
        return found
    }
}
