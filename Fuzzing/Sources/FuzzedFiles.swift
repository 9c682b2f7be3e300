import CanonicalJSON
import FoundationEssentials
@testable import MockIAM
import StrictYAML

/// Reads bytes as the files that a user writes, account files and fault plans, in YAML or JSON.
///
/// Bytes with `faults:` or `"faults"` in them are read as a fault plan, others as accounts. What can be read is written and
/// must be the same when it is read again.
enum FuzzedFiles {
    private static let clock = Date(timeIntervalSince1970: 1_795_380_300)

    static func `try`(_ input: [UInt8]) throws {
        guard let value = try? YAMLValue(parsing: input, file: "fuzzed") else { return }
        Self.readAll(value)
        if input.firstRange(of: Array("faults".utf8)) != nil {
            guard let plan = try? MockIAM.FaultPlan(value) else { return }
            let text = String(decoding: CanonicalJSON.document(plan), as: UTF8.self)
            let again: MockIAM.FaultPlan
            do { again = try MockIAM.FaultPlan(parsing: text) } catch {
                throw FuzzFinding("a fault plan that can't be read again: \(error): \(text)")
            }
            guard again == plan else { throw FuzzFinding("a fault plan that is another one when read again: \(text)") }
        } else {
            guard let file = try? MockIAM.AccountFile(value, now: clock) else { return }
            let text = String(decoding: CanonicalJSON.document(file), as: UTF8.self)
            let again: MockIAM.AccountFile
            do { again = try MockIAM.AccountFile(parsing: text, now: clock) } catch {
                throw FuzzFinding("an account file that can't be read again: \(error): \(text)")
            }
            guard again == file else { throw FuzzFinding("accounts that are others when read again: \(text)") }
        }
    }

    /// Every way to read a value, for all values of a file.
    private static func readAll(_ value: YAMLValue) {
        switch value.form {
        case .null: _ = value.error("").description
        case .scalar:
            _ = try? value.text()
            _ = try? value.bool()
            _ = try? value.integer()
            _ = try? value.integer(in: 1...10)
            _ = try? value.duration().seconds
            _ = try? value.instant(relativeTo: clock)
            _ = value.error(expected: "something else").description
        case .sequence:
            for item in (try? value.items()) ?? [] { readAll(item) }
        case .mapping:
            for (_, item) in (try? value.entries()) ?? [] { readAll(item) }
        }
    }
}
