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
    let all: [FormParameter]
    private var failures: [String] = []
    /// AWS tells of no more failures than these [live].
    private static let mostFailures = 10
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

    /// - Throws: ValidationError that names every constraint that failed.
    func check() throws(AWSError) {
        guard !failures.isEmpty else {
            if let refusal { throw .validation(refusal) }
            return
        }
        let count = failures.count == 1 ? "1 validation error" : "\(failures.count) validation errors"
        throw .validation("\(count) detected: \(failures.joined(separator: "; "))")
    }

    mutating func fail(_ name: String, _ value: String, _ reason: String) {
        note("Value\(showsValues ? " '\(value)'" : "") at '\(name.lowerFirst)' failed to satisfy constraint: \(reason)")
    }

    mutating func failNull(_ name: String) {
        note("Value null at '\(name.lowerFirst)' failed to satisfy constraint: Member must not be null")
    }

    private mutating func note(_ failure: String) {
        if failures.count < Self.mostFailures { failures.append(failure) }
    }
}

extension String {
    /// AWS's messages name `UserName` as `userName`.
    var lowerFirst: String {
        prefix(1).lowercased() + dropFirst()
    }
}
