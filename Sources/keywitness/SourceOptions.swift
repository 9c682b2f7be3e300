import ArgumentParser
import Collector
import Evidence
import FoundationEssentials

/// What a scan reads, and from where.
struct SourceOptions: ParsableArguments {
    @Option(help: "Where facts come from: auto, live or report, as 'keywitness collect --help' explains them.")
    var source = CollectionSource.auto

    @Flag(
        name: .customLong("without-key-ids"),
        help: "With --source report: four calls for any account; keys are named by user, slot and creation date.")
    var withoutKeyIDs = false

    @OptionGroup var included: IncludeOptions

    func validate() throws {
        if withoutKeyIDs, source != .report {
            throw ValidationError("--without-key-ids goes with --source report: the other sources need the ids.")
        }
        if withoutKeyIDs, !included.sources.isEmpty {
            throw ValidationError("--without-key-ids makes four calls in all; --include needs one a user. Choose one.")
        }
    }

    /// What the criteria need to know must go with these options.
    func check(_ criteria: Criteria) throws {
        if withoutKeyIDs, criteria.looksAtTags {
            throw ValidationError(
                "--without-key-ids makes four calls in all, and the policy or an exception looks at tags, which takes one "
                    + "a user. Leave it out, or take another policy.")
        }
        if withoutKeyIDs, criteria.exceptions.looksAtKeyIDs {
            throw ValidationError(
                "--without-key-ids reads no key ids, and an exception is about a key by its id, so that it would not hold. "
                    + "Leave it out, or name the key's user in the exception.")
        }
        let running = criteria.policy.tests.filter { test in !source.unansweredTests.contains { $0.test == test } }
        guard !running.isEmpty else {
            throw ValidationError(
                "--source \(source.rawValue) can't answer any test of policy '\(criteria.policy.name)', so that nothing would "
                    + "be tested. Take another source, or another policy.")
        }
        let shown = criteria.crosswalk.limited(to: criteria.frameworks)
        guard running.contains(where: { !shown.mappings(of: $0).isEmpty }) else {
            throw ValidationError(
                "no test of policy '\(criteria.policy.name)' speaks to a control of --framework "
                    + "\(criteria.frameworks.sorted().joined(separator: ", ")), so that there would be nothing to say of it. "
                    + "'keywitness controls' has which test speaks to which control.")
        }
    }

    /// What a scan with these options asks for.
    func plan(_ criteria: Criteria, at asOf: Date) -> CollectionPlan {
        var plan = CollectionPlan(criteria: criteria, asOf: asOf)
        plan.source = source
        plan.withoutKeyIDs = withoutKeyIDs
        plan.include.formUnion(included.sources)
        return plan
    }
}

/// What a scan that is to be made will need to know.
struct ScanOptions: ParsableArguments {
    @OptionGroup var judging: PolicyOptions
    @OptionGroup var sources: SourceOptions

    /// - Throws: `MistakeInFile` or `ValidationError`.
    func plan() throws -> CollectionPlan {
        let criteria = try CommandLineFile.reading {
            let policy = try Policy(named: judging.policy)
            return Criteria(
                policy: policy, exceptions: try judging.readExceptions(terms: policy),
                crosswalk: try Crosswalk.builtIn())
        }
        try sources.check(criteria)
        return sources.plan(criteria, at: Date())
    }
}

extension CollectionSource: ExpressibleByArgument {}
