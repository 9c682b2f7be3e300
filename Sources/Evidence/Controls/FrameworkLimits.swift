/// The limits that frameworks set themselves, whatever a policy allows: 45 days of CIS AWS 1.12, say.
///
/// What a test saw is held to them as it is to the policy's limit, so that a control with a limit of its own can't be
/// shown to hold by a policy that allows more.
package struct FrameworkLimits: Sendable {
    /// A framework's limit for a test.
    struct Limit: Hashable {
        var test: ControlTestID
        var days: Int
    }

    /// Of each test, by its place.
    private let days: [[Int]]

    /// No framework has a limit of its own.
    package static let none = FrameworkLimits(of: nil)

    package init(of crosswalk: Crosswalk?) {
        days = ControlTestID.allCases.map { test in
            Set((crosswalk?.mappings(of: test) ?? []).compactMap(\.limitDays)).sorted()
        }
    }

    /// The limits that a subject is beyond though it satisfied its test, one after the other.
    func forEachExceeded(by found: TestVerdict, _ body: (Limit) -> Void) {
        for days in days[found.test.place] where found.verdict.exceeds(days) {
            body(Limit(test: found.test, days: days))
        }
    }
}

extension Verdict {
    /// Whether the test is satisfied by its own limit, and wouldn't be by this one.
    func exceeds(_ days: Int) -> Bool {
        guard conclusion == .satisfied, case .days(let observed) = reason.observed else { return false }
        return observed >= days
    }
}
