package import FoundationEssentials

extension XMLReader {
    /// The element's text as AWS writes truth: `true` or `false`.
    package mutating func boolean(_ element: String) throws(XMLError) -> Bool {
        switch try text() {
        case "true": true
        case "false": false
        case let value: throw .invalidValue(element: element, value: value, expected: "true or false")
        }
    }

    /// The element's text as a whole number.
    package mutating func integer(_ element: String) throws(XMLError) -> Int {
        let value = try text()
        guard let number = Int(value) else {
            throw .invalidValue(element: element, value: value, expected: "a whole number")
        }
        return number
    }

    /// The element's text as an ISO 8601 instant, with `Z` or an offset, with or without fractions of a second.
    package mutating func date(_ element: String) throws(XMLError) -> Date {
        let (date, value) = try withText { text in
            let date = Date(awsTimestamp: text)
            return (date, date == nil ? String(decoding: text, as: UTF8.self) : "")
        }
        guard let date else {
            throw .invalidValue(element: element, value: value, expected: "an ISO 8601 instant")
        }
        return date
    }

    /// The values of a list in AWS's Query protocol: each `<member>` decoded by `decode`.
    ///
    /// Anything else in there is an error: a list of another form, passed over, would read as an empty one.
    package mutating func members<Value>(
        _ decode: (inout XMLReader) throws(XMLError) -> Value
    ) throws(XMLError) -> [Value] {
        var values: [Value] = []
        var other: String?
        var children = children()
        while let name = try next(in: &children) {
            guard name == "member" else {
                other = other ?? name
                continue
            }
            values.append(try decode(&self))
        }
        // At the end only: of a document that is cut off, half a name may be what is left.
        if let other { throw .unexpectedElement(other, expected: "member") }
        return values
    }
}
