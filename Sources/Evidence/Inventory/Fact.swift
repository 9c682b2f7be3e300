/// A fact about a user or a key: what it is and where it comes from, or why it isn't known. There is no third way, so that
/// nothing that could not be read passes for an answer, and no answer stands without its source.
package enum Fact<Value: Sendable>: Sendable {
    case read(Value, Provenance)
    // Apart, as all that is rare and large: a large account has very many keys.
    indirect case undetermined(ReadFailure)

    package var value: Value? { if case .read(let value, _) = self { value } else { nil } }
    package var source: Provenance? { if case .read(_, let source) = self { source } else { nil } }
    package var failure: ReadFailure? { if case .undetermined(let failure) = self { failure } else { nil } }
    package var isRead: Bool { if case .read = self { true } else { false } }
}

// Not of the type itself: see Shared.
extension Fact: Equatable where Value: Equatable {}
