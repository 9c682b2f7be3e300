extension YAMLValue {
    /// A text, in quotes or not. A number or boolean is taken as it is written, so that `012345678901` keeps its zero.
    ///
    /// - Throws: where there is nothing, or a list or a mapping. `null` in quotes is a text.
    package func text() throws(YAMLError) -> String {
        switch (form, node.content) {
        case (.scalar, .plain(let text)), (.scalar, .quoted(let text)): return text
        case (.null, .plain(let text)) where !text.isEmpty:
            throw error("expected text, found nothing (\(text.quoted)); quote it if the word is meant")
        default: throw error(expected: "text")
        }
    }

    /// `true` or `false`, without quotes.
    package func bool() throws(YAMLError) -> Bool {
        switch node.content {
        case .plain("true"): return true
        case .plain("false"): return false
        default: throw error(expected: "true or false")
        }
    }

    /// A whole number, without quotes, leading zeros or separators.
    package func integer(in range: ClosedRange<Int> = Int.min...Int.max) throws(YAMLError) -> Int {
        guard case .plain(let text) = node.content, text.isJSONInteger, let number = Int(text), range.contains(number)
        else { throw error(expected: "a whole number\(range.described)") }
        return number
    }

    /// A number, with a fraction and an exponent or without, in no quotes.
    package func number(in range: ClosedRange<Double>) throws(YAMLError) -> Double {
        guard case .plain(let text) = node.content, text.isJSONNumber, let number = Double(text), range.contains(number)
        else { throw error(expected: "a number from \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    /// One of the words that an enum's raw values are.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        of type: Choice.Type
    ) throws(YAMLError) -> Choice {
        let words = Choice.allCases.map(\.rawValue)
        let text = try? text()
        guard let text, let choice = Choice(rawValue: text) else {
            let list = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
            let expected = error(expected: words.count == 1 ? words[0] : list)
            guard let near = text?.nearest(in: words) else { throw expected }
            throw error("\(expected.reason); did you mean '\(near)'?")
        }
        return choice
    }
}

extension ClosedRange<Int> {
    fileprivate var described: String {
        switch (lowerBound, upperBound) {
        case (.min, .max): ""
        case (_, .max): " of at least \(lowerBound)"
        case (.min, _): " of at most \(upperBound)"
        default: " from \(lowerBound) to \(upperBound)"
        }
    }
}
