import CanonicalJSON

/// The writer's generic members once more, in the place of those that it brings along: what a module has itself the
/// compiler makes for each type, what it imports is looked up at run time, which took a fifth of the time of writing.
extension JSONWriter {
    mutating func member(_ name: StaticString, _ value: (some JSONWritable)?) {
        guard let value else { return }
        self.name(name)
        value.write(to: &self)
    }

    mutating func member(_ name: StaticString, _ values: [some JSONWritable]?) {
        guard let values else { return }
        self.name(name)
        array { json in
            for value in values { value.write(to: &json) }
        }
    }

    /// A text that puts itself together.
    mutating func member(_ name: StaticString, text: (some TextWritable)?) {
        guard let text else { return }
        self.name(name)
        string { text.put(to: &$0) }
    }

    mutating func member(_ name: StaticString, orNull value: (some JSONWritable)?) {
        self.name(name)
        if let value { value.write(to: &self) } else { null() }
    }
}
