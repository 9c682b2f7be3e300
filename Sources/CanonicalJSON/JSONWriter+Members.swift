package import FoundationEssentials

extension JSONWriter {
    // A member that is nil is left out.

    package mutating func member(_ name: StaticString, _ value: Double?) {
        guard let value else { return }
        self.name(name)
        self.value(value)
    }

    package mutating func member(_ name: StaticString, _ value: (some JSONWritable)?) {
        guard let value else { return }
        self.name(name)
        value.write(to: &self)
    }

    package mutating func member(_ name: StaticString, _ values: [some JSONWritable]?) {
        guard let values else { return }
        self.name(name)
        array(values)
    }

    // A member that is nil is written as null, for readers that expect it to be there.

    package mutating func member(_ name: StaticString, orNull value: (some JSONWritable)?) {
        if let value { member(name, value) } else { null(name) }
    }

    package mutating func member(_ name: StaticString, orNull value: String?) {
        if let value { member(name, value) } else { null(name) }
    }

    package mutating func member(_ name: StaticString, orNull value: Int?) {
        if let value { member(name, value) } else { null(name) }
    }

    package mutating func member(_ name: StaticString, orNull value: Bool?) {
        if let value { member(name, value) } else { null(name) }
    }

    package mutating func member(_ name: StaticString, orNull value: Date?) {
        if let value { member(name, value) } else { null(name) }
    }
}

extension String: JSONWritable {
    package func write(to json: inout JSONWriter) { json.value(self) }
}

extension Int: JSONWritable {
    package func write(to json: inout JSONWriter) { json.value(self) }
}

extension Bool: JSONWritable {
    package func write(to json: inout JSONWriter) { json.value(self) }
}

extension Date: JSONWritable {
    package func write(to json: inout JSONWriter) { json.value(self) }
}

extension Double: JSONWritable {
    package func write(to json: inout JSONWriter) { json.value(self) }
}

extension Array: JSONWritable where Element: JSONWritable {
    package func write(to json: inout JSONWriter) { json.array(self) }
}

/// An object whose names aren't known beforehand: they are sorted here.
extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            let sorted = sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (name, value) in sorted {
                json.name(of: name)
                value.write(to: &json)
            }
        }
    }
}
