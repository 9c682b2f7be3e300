/// A value of which most is the same in very many places, with gaps for what isn't. It is written once, with gaps, and
/// then filled in:
///
///     enum Gap: Int { case name, tags }
///     let form = JSONForm { json in
///         json.object { json in
///             json.member("kind", "user")
///             json.member("name", gap: Gap.name)
///             json.member("tags", valueGap: Gap.tags)
///         }
///     }
///     json.fill(form) { gap, json in
///         switch Gap(rawValue: gap) {
///         case .name: json.put(user.name)
///         case .tags: json.array(user.tags)
///         case nil: break
///         }
///     }
///
/// What is in a form is on one line, wherever it is.
package struct JSONForm: Sendable {
    /// What belongs into a gap.
    enum Kind {
        /// A part of a string, which is `put`.
        case text
        case value
        /// Any number of elements of an array, after others.
        case elements
    }

    struct Gap {
        let number: Int
        let kind: Kind
        /// What stands before it and after the one before.
        let before: Range<Int>
    }

    let bytes: [UInt8]
    let gaps: [Gap]

    package init(_ write: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        write(&json)
        bytes = json.bytes
        gaps = json.gaps
    }
}

extension JSONWriter {
    /// Where a part of a string will stand, which is `put`.
    package mutating func gap(_ gap: some RawRepresentable<Int>) {
        note(.text, gap.rawValue)
    }

    /// Where a value will stand.
    package mutating func valueGap(_ gap: some RawRepresentable<Int>) {
        beginScalar()
        note(.value, gap.rawValue)
    }

    /// Where any number of elements of an array will stand, after others.
    package mutating func elementsGap(_ gap: some RawRepresentable<Int>) {
        note(.elements, gap.rawValue)
    }

    /// A text that will be `put`.
    package mutating func member(_ name: StaticString, gap: some RawRepresentable<Int>) {
        member(name) { $0.gap(gap) }
    }

    package mutating func member(_ name: StaticString, valueGap gap: some RawRepresentable<Int>) {
        self.name(name)
        valueGap(gap)
    }
}
