/// JSON that was written once, to stand in many places: in deep places only, where everything is on one line. A large
/// account has the same half a kilobyte in each of a hundred thousand findings.
package struct JSONFragment: JSONWritable, Sendable {
    private let bytes: [UInt8]

    package init(_ value: some JSONWritable) {
        bytes = CanonicalJSON.compact(value)
    }

    package func write(to json: inout JSONWriter) {
        json.fragment(bytes)
    }
}

/// Objects that differ in the value of their last member, a text.
package struct JSONTemplate: Sendable {
    let opening: [UInt8]

    /// - Parameters:
    ///   - members: all but the last, sorted, each of which comes before it.
    ///   - last: the name of the last.
    package init(_ members: [(name: String, value: String)], last: String) {
        var json = JSONWriter()
        json.object { json in
            for (name, value) in members + [(last, "")] {
                json.name(of: name)
                json.value(value)
            }
        }
        // Without the second quote of the empty text, and the bracket.
        opening = Array(json.bytes.dropLast(2))
    }

    package func write(_ text: String, to json: inout JSONWriter) {
        json.object(self) { $0.put(text) }
    }
}
