import ArgumentParser
import MockIAM

/// How a server answers.
struct ServeBehaviour: ParsableArguments {
    @Option(
        name: .customLong("repeat"),
        help: "What a request gets after its last recorded answer: that one again, all from the first on, or an error."
    )
    var repeatPolicy = MockIAM.RepeatPolicy.last

    @Option(
        help:
            "What is asked of signatures: nothing (off), that those of known keys are right (lenient), or AWS's rules.")
    var auth = MockIAM.Authentication.strict

    @Option(
        help: ArgumentHelp(
            "Another key that requests may be signed with; may be given more than once.", valueName: "id:secret"))
    var key: [String] = []

    @Option(help: ArgumentHelp("What goes wrong, and when: a faults file.", valueName: "file"))
    var faults: String?

    @Flag(help: "Let the clock run from the account's or the recording's instant on.")
    var movingClock = false

    @Option(help: ArgumentHelp("No page of a list is larger, 1 to 1000.", valueName: "n"))
    var pageSize = 1000

    @Flag(help: "Pages of changing size, as AWS reserves it; the same in every run.")
    var varyPages = false

    @Flag(help: "Elements of answers in changing order, as AWS reserves it; the same in every run.")
    var varyOrder = false

    @Option(help: ArgumentHelp("Decides whatever AWS would draw at random.", valueName: "n"))
    var seed: UInt64 = 1

    func validate() throws {
        guard 1...1000 ~= pageSize else { throw ValidationError("--page-size is from 1 to 1000, not \(pageSize).") }
        guard key.allSatisfy({ $0.contains(":") && !$0.hasPrefix(":") }) else {
            throw ValidationError("--key is an access key id and its secret with a colon between them.")
        }
    }

    /// What the faults file says; nil where there is none.
    ///
    /// - Throws: what is wrong in it.
    func faultPlan() throws -> MockIAM.FaultPlan? {
        try faults.map { try MockIAM.FaultPlan(path: $0) }
    }

    /// - Throws: what is wrong in the faults file.
    func options() throws -> MockIAM.Options {
        let pairs = key.map {
            $0.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        let keys = Dictionary(pairs.map { ($0[0], $0[1]) }) { $1 }
        return MockIAM.Options(
            repeat: repeatPolicy, authentication: auth, testKeys: MockIAM.testKeys.merging(keys) { $1 },
            isClockMoving: movingClock,
            pages: MockIAM.PageOptions(largest: pageSize, varies: varyPages), variesElementOrder: varyOrder, seed: seed,
            faults: try faultPlan() ?? MockIAM.FaultPlan())
    }
}
