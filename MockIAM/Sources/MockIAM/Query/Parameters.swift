import Recording

/// The parameters of a request, checked as AWS checks them: every constraint that fails is named, in one error.
///
/// STS says which value is wrong: `Value 'a:b' at 'roleSessionName' failed to satisfy constraint: …`. IAM says so no
/// longer: `Value at 'minimumPasswordLength' failed to satisfy constraint: …`, as LocalStack recorded it in 2025
/// (https://github.com/localstack/localstack, tests/aws/services/iam/test_iam.snapshot.json). What it says of a missing
/// value isn't known from such a recording.
struct Parameters {
    private let showsValues: Bool
    private let values: [String: String]
    private let all: [FormParameter]
    private var failures: [String] = []
    /// What IAM itself refuses, once the constraints are kept that its framework checks.
    private var refusal: String?

    init(_ parameters: [FormParameter], of service: Service) {
        showsValues = service == .sts
        all = parameters
        values = Dictionary(parameters.map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// - Returns: the parameter if it was sent and is right. A wrong one shows when ``check()`` is called.
    mutating func text(_ name: String, _ constraint: TextConstraint) -> String? {
        guard let value = values[name] else { return nil }
        let broken = constraint.failures(of: value)
        for constraint in broken { fail(name, value, constraint) }
        if let advice = constraint.advice, !constraint.keepsPattern(value) {
            refusal = refusal ?? "The specified value for \(name.lowerFirst) is invalid. \(advice)"
            return nil
        }
        return broken.isEmpty ? value : nil
    }

    mutating func requiredText(_ name: String, _ constraint: TextConstraint) -> String {
        if values[name] == nil { failNull(name) }
        return text(name, constraint) ?? ""
    }

    /// A number as AWS reads it: signs and leading zeros are fine, spaces, fractions and what has no room in 32 bits are
    /// not [live].
    ///
    /// - Throws: MalformedInput, at once, for what isn't a number.
    mutating func number(_ name: String, in range: ClosedRange<Int>) throws(AWSError) -> Int? {
        guard let value = values[name] else { return nil }
        guard let number = Int32(value).map(Int.init) else {
            throw .malformedInput(value.isEmpty ? "missing value for decimal type" : nil)
        }
        if number < range.lowerBound {
            fail(name, "\(number)", "Member must have value greater than or equal to \(range.lowerBound)")
        } else if number > range.upperBound {
            fail(name, "\(number)", "Member must have value less than or equal to \(range.upperBound)")
        } else {
            return number
        }
        return nil
    }

    /// As AWS reads it: in lower case, or as a digit [live].
    mutating func flag(_ name: String) throws(AWSError) -> Bool {
        switch values[name] {
        case nil, "false", "0": return false
        case "true", "1": return true
        case .some: throw .malformedInput()
        }
    }

    /// `Filter.member.1`, `Filter.member.2`, … in order of their numbers.
    mutating func list(_ name: String, oneOf allowed: [String]) -> [String] {
        let values = members(name)
        if let wrong = values.first(where: { !allowed.contains($0) }) {
            // IAM doesn't list the set either; STS has no such parameter.
            fail(name, "[\(wrong)]", "Member must satisfy constraint: [Member must satisfy enum value set]")
        }
        return values
    }

    /// As ``list(_:oneOf:)``, of texts that keep a constraint; one at least.
    mutating func requiredTexts(_ name: String, _ constraint: TextConstraint) -> [String] {
        if members(name).isEmpty { failNull(name) }
        return texts(name, constraint)
    }

    /// As ``list(_:oneOf:)``, of texts that keep a constraint.
    mutating func texts(_ name: String, atMost limit: Int = .max, _ constraint: TextConstraint) -> [String] {
        let values = members(name)
        if values.count > limit {
            fail(name, "[\(values.joined(separator: ", "))]", "Member must have length less than or equal to \(limit)")
        }
        if let wrong = values.first(where: { !constraint.failures(of: $0).isEmpty }) {
            let broken = constraint.failures(of: wrong).joined(separator: ", ")
            fail(name, "[\(wrong)]", "Member must satisfy constraint: [\(broken)]")
        }
        return values
    }

    /// `Tags.member.1.Key`, `Tags.member.1.Value`, `Tags.member.2.Key`, …: the texts of the members of a list, by the
    /// names of their fields, in order of the members' numbers.
    ///
    /// - Parameter fields: what each of them has to keep; a member needs all of them.
    mutating func structures(
        _ name: String, atMost limit: Int, _ fields: KeyValuePairs<String, TextConstraint>
    ) -> [[String: String]] {
        var found: [Int: [String: String]] = [:]
        let prefix = "\(name).member."
        for parameter in all where parameter.name.hasPrefix(prefix) {
            let place = parameter.name.dropFirst(prefix.count).split(separator: ".", omittingEmptySubsequences: false)
            guard place.count == 2, let number = Int(place[0]) else { continue }
            found[number, default: [:]][String(place[1])] = parameter.value
        }
        let members = found.sorted { $0.key < $1.key }
        // How AWS shows a list of structures isn't known; the first field tells its members apart.
        if members.count > limit {
            let shown = members.map { $0.value[fields.first?.key ?? ""] ?? "null" }.joined(separator: ", ")
            fail(name, "[\(shown)]", "Member must have length less than or equal to \(limit)")
        }
        // Of a list that is too long anyway, which may have thousands, not every member is named.
        for (number, member) in members.prefix(limit) {
            for (field, constraint) in fields {
                let place = "\(name.lowerFirst).\(number).member.\(field.lowerFirst)"
                guard let value = member[field] else {
                    failNull(place)
                    continue
                }
                for reason in constraint.failures(of: value) { fail(place, value, reason) }
            }
        }
        return members.map(\.value)
    }

    /// - Throws: ValidationError that names every constraint that failed.
    func check() throws(AWSError) {
        guard !failures.isEmpty else {
            if let refusal { throw .validation(refusal) }
            return
        }
        let count = failures.count == 1 ? "1 validation error" : "\(failures.count) validation errors"
        throw .validation("\(count) detected: \(failures.joined(separator: "; "))")
    }

    private func members(_ name: String) -> [String] {
        let prefix = "\(name).member."
        let members = all.compactMap { parameter -> (Int, String)? in
            guard parameter.name.hasPrefix(prefix), let number = Int(parameter.name.dropFirst(prefix.count)) else {
                return nil
            }
            return (number, parameter.value)
        }
        return members.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private mutating func fail(_ name: String, _ value: String, _ reason: String) {
        let shown = showsValues ? " '\(value)'" : ""
        let failure = "Value\(shown) at '\(name.lowerFirst)' failed to satisfy constraint: \(reason)"
        // A parameter may be read more than once.
        if !failures.contains(failure) { failures.append(failure) }
    }

    private mutating func failNull(_ name: String) {
        failures.append("Value null at '\(name.lowerFirst)' failed to satisfy constraint: Member must not be null")
    }
}

extension String {
    /// AWS's messages name `UserName` as `userName`.
    fileprivate var lowerFirst: String {
        prefix(1).lowercased() + dropFirst()
    }
}
