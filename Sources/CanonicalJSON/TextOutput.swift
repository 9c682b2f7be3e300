package import FoundationEssentials

/// What sentences are put together in: a text, or a document in which they stand. A document takes the parts as they
/// come, without a text of its own for each of very many keys.
package protocol TextOutput: ~Copyable {
    /// A part that needs no escaping anywhere.
    mutating func literal(_ text: StaticString)
    mutating func put(_ text: String)
    /// The same of a text of ours, such as the name of a rule, that needs no escaping anywhere either.
    mutating func put(plain text: String)
    mutating func put(_ number: Int)
    /// UTC, whole seconds.
    mutating func put(_ instant: Date)
}

extension String: TextOutput {
    package mutating func literal(_ text: StaticString) { append(text.description) }
    package mutating func put(_ text: String) { append(text) }
    package mutating func put(plain text: String) { append(text) }
    package mutating func put(_ number: Int) { append(number.description) }
    package mutating func put(_ instant: Date) { append(instant.instant) }
}

/// A text that puts itself together.
package protocol TextWritable {
    func put(to text: inout some TextOutput & ~Copyable)
}

extension TextWritable {
    package var text: String {
        var text = ""
        put(to: &text)
        return text
    }
}
