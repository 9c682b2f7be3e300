import ArgumentParser
import Evidence

/// What the program's exit code says; wrong usage is 64, by the argument parser.
enum ExitStatus: Int32, CaseIterable {
    case satisfied = 0
    case couldNotRun = 1
    case findings = 3
    case incomplete = 4
    case contradiction = 5

    /// Those that `collect` ends with.
    static let ofCollect: [ExitStatus] = [.satisfied, .couldNotRun, .findings, .incomplete]

    var exitCode: ExitCode { ExitCode(rawValue) }

    /// - Parameters:
    ///   - isSealed: whether the bundle has the signature and the timestamp that it should have.
    ///   - failOn: the level from which a key counts as a finding; nil where a failed control test decides.
    ///   - maskFindings: `--exit-zero`, which masks findings, but never an incomplete scan.
    init(_ assessment: Assessment, isSealed: Bool, failOn: RiskLevel?, maskFindings: Bool) {
        // A key of the root user counts as a finding then, whether or not the policy tests for it.
        let knowsFindings = failOn == nil || assessment.rootHasKeys != nil
        guard assessment.isComplete, knowsFindings, isSealed else {
            self = .incomplete
            return
        }
        let hasFindings =
            if let failOn {
                // A key of the root user is as bad as a key can be.
                !assessment.keys(atOrAbove: failOn).isEmpty || assessment.hasOpenRootKeys
            } else {
                assessment.tests.contains { assessment.hasOpenFailures(of: $0.id) }
            }
        self = hasFindings && !maskFindings ? .findings : .satisfied
    }

    /// One line for help and documentation.
    var meaning: String {
        switch self {
        case .satisfied:
            "assessed completely, nothing failed that no exception answers for (or nothing at or above --fail-on, other than keys all of whose failures exceptions answer for)"
        case .couldNotRun: "could not run: credentials, network or disk; or standard output can't be written"
        case .findings: "assessed completely, with findings"
        case .incomplete:
            "incomplete: something in scope could not be read, or AWS was asked more than a day from --as-of, and the bundle says what; or it could not be signed or timestamped"
        case .contradiction: "a bundle was changed, or doesn't say what its own facts come to"
        }
    }
}
