package import FoundationEssentials

/// `identifier-assigned`: a key whose user belongs to nobody is nobody's to rotate.
package struct IdentifierAssigned: ControlTest {
    package let ownerTags: [String]

    package var id: ControlTestID { .identifierAssigned }
    package var title: String { "Users with access keys have an owner" }
    package var question: String { "Does every user with access keys carry a tag that names an owner?" }
    package var facts: Set<FactKind> { [.tags] }
    package var parameters: [TestParameter] { [] }

    package init(ownerTags: [String]) {
        self.ownerTags = ownerTags
    }

    package func evaluate(_ subject: ControlSubject, at asOf: Date) -> Verdict? {
        guard case .user(let user) = subject, !user.keys.known.isEmpty else { return nil }
        let wanted = ownerTags.joined(separator: ", ")
        switch user.optional.tags {
        case .read(let tags, let source)?:
            let owner = tags.first { tag in
                ownerTags.contains(where: tag.hasKey) && tag.value.contains { !$0.isWhitespace }
            }
            return Verdict(
                owner == nil ? .notSatisfied : .satisfied,
                Reason(
                    .ownerTag,
                    observed: .text(owner.map { "\($0.key) = '\($0.value)'" } ?? "none of: \(wanted)"), source: source))
        case .failed(let failure)?:
            return Verdict(.undetermined, Reason(.ownerTag, observed: .unread(failure)))
        case .notAsked?, nil:
            return Verdict(.undetermined, Reason(.ownerTag, observed: .text("tags were not read")))
        }
    }
}
