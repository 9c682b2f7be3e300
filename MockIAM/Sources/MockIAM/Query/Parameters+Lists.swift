import PlainText
import Recording

/// Lists of the Query protocol: `Filter.member.1`, `Tags.member.2.Key`.
///
/// What AWS makes of their numbers is taken from captures of live answers of IAM's: leading zeros are fine, the order
/// of the parameters doesn't count, a few members may be missing in between and are null then.
extension Parameters {
    /// The members of a list, each one of a set.
    mutating func list(_ name: String, oneOf allowed: [String]) throws(AWSError) -> [String] {
        let values = try scalars(name)
        if values.contains(where: { value in value.map { !allowed.contains($0) } ?? true }) {
            // IAM doesn't list the set either; STS has no such parameter.
            fail(name, values.shown, "Member must satisfy constraint: [Member must satisfy enum value set]")
        }
        return values.compactMap(\.self)
    }

    /// As ``texts(_:atMost:_:)``; one at least.
    mutating func requiredTexts(_ name: String, _ constraint: TextConstraint) throws(AWSError) -> [String] {
        let values = try texts(name, constraint)
        if !all.contains(where: { $0.name.hasPrefix("\(name).member.") }) { failNull(name) }
        return values
    }

    /// The members of a list, of which all keep a constraint. Where one doesn't, or is missing between others, all that
    /// the constraint asks is named, and not which member that is.
    mutating func texts(
        _ name: String, atMost limit: Int = .max, _ constraint: TextConstraint
    ) throws(AWSError) -> [String] {
        let values = try scalars(name)
        if values.count > limit {
            fail(name, values.shown, "Member must have length less than or equal to \(limit)")
        }
        if values.contains(where: { value in value.map { !constraint.failures(of: $0).isEmpty } ?? true }) {
            let asked = constraint.requirements.joined(separator: ", ")
            fail(name, values.shown, "Member must satisfy constraint: [\(asked)]")
        }
        return values.compactMap(\.self)
    }

    /// The members of a list of structures, each by the names of its fields.
    ///
    /// - Parameter fields: what each of them has to keep; a member needs all of them.
    mutating func structures(
        _ name: String, atMost limit: Int, _ fields: KeyValuePairs<String, TextConstraint>
    ) throws(AWSError) -> [[String: String]] {
        let members = try members(name).map { member in
            Dictionary(member.map { ($0.field ?? "", $0.value) }) { first, _ in first }
        }
        // How AWS shows a list of structures isn't known; the first field tells its members apart.
        if members.count > limit {
            let shown = members.map { $0[fields.first?.key ?? ""] ?? "null" }.joined(separator: ", ")
            fail(name, "[\(shown)]", "Member must have length less than or equal to \(limit)")
        }
        // Of a list that is too long anyway, which may have thousands, not every member is named.
        for (index, member) in members.prefix(limit).enumerated() {
            for (field, constraint) in fields {
                let place = "\(name.lowerFirst).\(index + 1).member.\(field.lowerFirst)"
                guard let value = member[field] else {
                    failNull(place)
                    continue
                }
                for reason in constraint.failures(of: value) { fail(place, value, reason) }
            }
        }
        return members
    }

    /// A parameter that is part of a member: its value, and behind which name in the member.
    private typealias Part = (field: String?, value: String)

    /// The members of a list of texts; nil for those that are missing between others.
    private func scalars(_ name: String) throws(AWSError) -> [String?] {
        var values: [String?] = []
        for member in try members(name) {
            if member.contains(where: { $0.field != nil }) {
                throw .malformedInput("Start of list found where not expected")
            }
            values.append(member.first?.value)
        }
        return values
    }

    /// The parts of all members in their order, and no parts for those that are missing between others.
    ///
    /// - Throws: MalformedInput for what is no list, and for one with too large a gap.
    private func members(_ name: String) throws(AWSError) -> [[Part]] {
        let prefix = "\(name).member."
        var found: [Int: [Part]] = [:]
        for parameter in all {
            // One text is no list, but none at all is an empty one.
            if parameter.name == name, !parameter.value.isEmpty { throw .malformedInput() }
            guard parameter.name.hasPrefix(prefix) else { continue }
            let path = parameter.name.dropFirst(prefix.count).split(separator: ".", omittingEmptySubsequences: false)
            let (index, field) = try Self.place(path)
            found[index, default: []].append((field, parameter.value))
        }
        var members: [[Part]] = []
        for (index, parts) in found.sorted(by: { $0.key < $1.key }) {
            let skipped = index - max(members.count, 1)
            guard skipped <= Self.largestGap else {
                throw .malformedInput("Excessively sparse input would skip \(skipped) list elements")
            }
            members += Array(repeating: [], count: index - members.count - 1)
            members.append(parts)
        }
        return members
    }

    private static let largestGap = 10

    /// Which member of a list is meant behind `Tags.member.`, and what of it: of `2.Key` the second and its key.
    private static func place(_ path: [Substring]) throws(AWSError) -> (index: Int, field: String?) {
        let number = path[0]
        if number.hasPrefix("-") { throw .malformedInput("Key \(number) may not have a leading '-'") }
        guard !number.isEmpty, number.utf8.allSatisfy(\.isASCIIDigit) else {
            // A name, so that the first member seems to be a structure with a structure of that name.
            return (1, path.joined(separator: "."))
        }
        guard let index = Int32(number) else { throw .malformedInput() }
        guard index > 0 else { throw .malformedInput("\(number) is not a valid index") }
        if path.count > 1, !path[1].isEmpty, path[1].utf8.allSatisfy(\.isASCIIDigit) {
            throw .malformedInput("Two index elements may not occur back to back")
        }
        return (Int(index), path.count > 1 ? path.dropFirst().joined(separator: ".") : nil)
    }
}

extension [String?] {
    /// As AWS shows a list in a message.
    fileprivate var shown: String {
        "[\(map { $0 ?? "null" }.joined(separator: ", "))]"
    }
}
