import FoundationEssentials

/// What a person reads at the end of a run.
package struct TerminalSummary {
    private static let mostKeys = 12
    private static let mostActions = 5
    private static let mostFailures = 8

    let assessment: Assessment
    let style: TerminalStyle

    package init(_ assessment: Assessment, style: TerminalStyle) {
        self.assessment = assessment
        self.style = style
    }

    package var text: String {
        var lines = header()
        lines += table()
        lines += counts()
        lines += conclusions()
        lines += failures()
        lines += dataFindings()
        lines += exceptionNotes()
        lines += actions()
        return lines.joined(separator: "\n") + "\n"
    }

    private func header() -> [String] {
        let snapshot = assessment.snapshot
        return [
            style.bold("Access keys of AWS account \(snapshot.account.id) as of \(assessment.asOf.iso8601)"),
            "\(counted(snapshot.users.count, "user")) on \(counted(snapshot.userListing.pages, "page")), "
                + "\(counted(assessment.keys.count, "key")), \(counted(snapshot.traffic.total, "call"))\(callsPerKey)"
                + (snapshot.traffic.retries > 0 ? ", \(snapshot.traffic.retries) of them retries" : ""),
        ] + reading() + [""]
    }

    private var callsPerKey: String {
        guard !assessment.keys.isEmpty else { return "" }
        let calls = Double(assessment.snapshot.traffic.total) / Double(assessment.keys.count)
        return " (\(calls.twoDecimals) a key)"
    }

    /// How the facts were had, and what changed meanwhile.
    private func reading() -> [String] {
        let snapshot = assessment.snapshot
        var lines: [String] = []
        if let skew = snapshot.traffic.clockSkew {
            let minutes = abs(skew) / 60
            lines.append(
                "This machine's clock is \(minutes / 60) h \(minutes % 60) min \(skew > 0 ? "behind" : "ahead of") AWS's: "
                    + "set it, unless AWS is an emulator whose clock stands still.")
        }
        if case .read(let facts, let source) = snapshot.credentialReport {
            let use =
                switch snapshot.source {
                case .auto: "Facts from the credential report of"
                case .live: "Compared with the credential report of"
                case .report: "Users and their keys by the credential report of"
                }
            lines.append(
                "\(use) \(source.asOf.iso8601), "
                    + (facts.wasMadeDuringRun
                        ? "made during this run" : "\(words(for: snapshot.age(at: source.asOf))) old")
                    + (assessment.populationAsOf == nil ? "" : ": what was made, deleted or switched since isn't in it")
            )
        }
        let users = snapshot.notes.count { $0.kind == .userVanished }
        let keys = snapshot.notes.count { $0.kind == .keyVanished }
        if users + keys > 0 {
            lines.append("Deleted during the run: \(counted(users, "user")), \(counted(keys, "key"))")
        }
        return lines
    }

    /// In whole minutes, hours or days.
    private func words(for seconds: Double) -> String {
        let minutes = Int(seconds) / 60
        if minutes < 120 { return counted(minutes, "minute") }
        return minutes < 48 * 60 ? counted(minutes / 60, "hour") : counted(minutes / 1440, "day")
    }

    private func table() -> [String] {
        let worst = assessment.byUrgency.filter(\.needsAction)
        guard !worst.isEmpty else { return [nothingUrgent, ""] }
        let shown = worst.prefix(Self.mostKeys)
        let userWidth = min(28, max(4, shown.map { $0.user.name.escapedForTerminal.count }.max() ?? 0))
        let levelWidth = max(5, shown.map(\.levelName.count).max() ?? 0)
        func row(_ cells: [String]) -> String { cells.joined(separator: "  ").trimmedAtEnd }
        var lines = [
            style.dim(
                row([
                    "LEVEL".fitted(levelWidth), "USER".fitted(userWidth), "ACCESS KEY ID".fitted(20),
                    "STATUS".fitted(8),
                    "AGE".fitted(6), "LAST USED".fitted(12), "FAILED TESTS",
                ]))
        ]
        for key in shown {
            let lastUse =
                switch key.key.lastUse {
                case .read(.used, _): "\(key.idleDays ?? 0) d ago"
                case .read(.never, _): "never"
                case .undetermined: "undetermined"
                }
            lines.append(
                row([
                    style.toned(key.levelName.fitted(levelWidth), .init(key.level)),
                    key.user.name.escapedForTerminal.fitted(userWidth),
                    key.key.label.escapedForTerminal.fitted(20), key.key.status.name.escapedForTerminal.fitted(8),
                    "\(key.ageDays) d".fitted(6), lastUse.fitted(12),
                    failedTests(of: key),
                ]))
        }
        if worst.count > shown.count { lines.append("… and \(worst.count - shown.count) more in keys.csv") }
        return lines + [""]
    }

    /// Those that an exception answers for in brackets.
    private func failedTests(of key: KeyAssessment) -> String {
        let outcomes = key.outcomes.union(key.userOutcomes)
        return outcomes.failed.map { outcomes[$0] == .excepted ? "(\($0.rawValue))" : $0.rawValue }.joined(
            separator: ", ")
    }

    private func counts() -> [String] {
        let summary = assessment.summary
        let levels = RiskLevel.allCases.reversed().map { level in
            style.toned("\(level.name) \(summary.count(level))", .init(level))
        }
        let undetermined =
            summary.undetermined > 0
            ? [style.toned("UNDETERMINED \(summary.undetermined)", .undetermined)] : []
        let rate =
            summary.complianceRate.map { "\($0.twoDecimals) %" } ?? "undetermined: not every key's level is known"
        return [
            field("Levels", (levels + undetermined).joined(separator: "  ")),
            field("Never used", "\(summary.neverUsed)"),
            field("Not active", "\(summary.inactive)"),
            field("Compliance rate", rate),
            field("Root user", root),
        ]
    }

    /// What is said where no key that is known needs attention: no more than that, unless all are known.
    private var nothingUrgent: String {
        let known =
            if assessment.isComplete {
                assessment.rootHasKeys == false ? "No key needs attention" : "No user's key needs attention"
            } else if assessment.keys.isEmpty {
                assessment.populationIsKnown ? "No user has an access key" : "No user's key was read"
            } else {
                "No key that was read needs attention"
            }
        let users = assessment.users.count { $0.outcomes.hasOpenFailures }
        let others =
            (assessment.rootHasKeys == true ? ["the root user's access keys"] : [])
            + (users > 0 ? [counted(users, "user")] : [])
        guard !others.isEmpty else { return "\(known)." }
        return "\(known); \(others.joined(separator: " and ")) \(others == ["1 user"] ? "does" : "do")."
    }

    private var root: String {
        switch assessment.rootHasKeys {
        case true?: style.toned("has access keys; delete them", .critical)
        case false?: "no access key"
        case nil: "undetermined"
        }
    }

    private func conclusions() -> [String] {
        let overall = assessment.overallStatus
        let tests = assessment.tests.map { test in
            field(test.id.rawValue, "\(assessment.conclusion(of: test.id).rawValue)\(count(of: test.id))")
        }
        let notRun = assessment.testsNotRun.map { field($0.test.rawValue, "not run: \($0.reason)") }
        // Controls may look well for want of a test.
        let leftOut = ControlTestID.allCases.filter { test in
            test != .identifierAssigned && !assessment.policy.tests.contains(test)
        }.map { field($0.rawValue, "not asked by the policy") }
        return [field("Policy", assessment.policy.name + overrides)] + tests + notRun + leftOut + controls
            + [field("Overall", style.toned(overall.rawValue, .init(overall)) + reasonOfOverall), ""]
    }

    /// Where the levels alone decide, or the root user, tests and controls may all be well above it.
    private var reasonOfOverall: String {
        if assessment.isComplete, assessment.rootHasKeys == nil {
            return " (nobody knows whether the root user has access keys)"
        }
        guard assessment.overallStatus == .partiallyCompliant else { return "" }
        let summary = assessment.summary
        let high = summary.count(.high)
        return high > 0
            ? " (by the levels: \(counted(high, "key")) HIGH)"
            : " (by the levels: \(summary.count(.compliant)) of \(counted(summary.keys, "key")) COMPLIANT, 90 % needed)"
    }

    /// ` (2 keys by override 'service accounts')`: of how many keys the limits below aren't the ones that decided.
    private var overrides: String {
        var counts: [String: Int] = [:]
        for key in assessment.keys {
            if let override = key.overrideName { counts[override, default: 0] += 1 }
        }
        let texts = assessment.policy.overrides.compactMap { override in
            counts[override.name].map { "\(counted($0, "key")) by override '\(override.name.escapedForTerminal)'" }
        }
        return texts.isEmpty ? "" : " (\(texts.joined(separator: ", ")))"
    }

    /// Of the standards that everybody asks about one control each, as ever; of other frameworks those that were asked
    /// for, all of them.
    private var controls: [String] {
        let shown = assessment.shown.frameworks
        let standards = StandardControl.allCases.filter { control in shown.contains { $0.id == control.framework } }
        let statuses = assessment.controlStatuses
        let others = shown.filter { !Crosswalk.standardFrameworks.contains($0.id) }.flatMap { framework in
            statuses.filter { $0.framework == framework.id }.map { ("\(framework.label) \($0.label)", $0.status) }
        }
        return (standards.map { ($0.title, assessment.status(of: $0)) } + others).map { title, status in
            field(title.escapedForTerminal, style.toned(status.rawValue, .init(status)))
        }
    }

    /// ` (3 keys, 1 excepted)`
    private func count(of test: ControlTestID) -> String {
        let tally = assessment.tally(of: test)
        guard tally.failed + tally.excepted > 0, test.scope == .accessKey || test.scope == .user else {
            return tally.excepted > 0 ? " (excepted)" : ""
        }
        let excepted = tally.excepted > 0 ? ", \(tally.excepted) of them excepted" : ""
        return " (\(counted(tally.failed + tally.excepted, test.scope.noun))\(excepted))"
    }

    private func failures() -> [String] {
        let blocking = assessment.blockingFailures.oncePerCall
        // What is said already needs no second line.
        let others = (blocking + assessment.otherFailures).oncePerCall.dropFirst(blocking.count)
        return list(
            assessment.asOfGap.map { [$0.sentence] } ?? [],
            under: "Nothing passes at another time than that at which AWS was asked.", rest: "report.json")
            + list(
                blocking, under: "Not everything could be read: this run proves nothing about what is missing.")
            + list(
                Array(others),
                under: blocking.isEmpty
                    ? "Could not be read, though nothing judged depends on it:"
                    : "Could not be read either; no level and no test depends on it.")
    }

    private func list(_ failures: [ReadFailure], under title: String) -> [String] {
        list(
            failures.map { "\($0.operation) of \($0.subject): \($0.code): \($0.message)" }, under: title,
            rest: "report.json")
    }

    private func dataFindings() -> [String] {
        let findings = assessment.dataFindings
        return list(
            findings.map { "\($0.key) of \($0.user): \($0.observed)" },
            under: "Dates that can't be right: nothing passes by them.", rest: "report.json")
    }

    private func exceptionNotes() -> [String] {
        list(
            assessment.exceptionNotes.map { "\($0.ticket) (\($0.subject)): \($0.message)" }, under: "Exceptions",
            rest: "report.json")
    }

    private func list(_ items: [String], under title: String, rest: String) -> [String] {
        guard !items.isEmpty else { return [] }
        var lines = [style.bold(title)]
        lines += items.prefix(Self.mostFailures).map { "  \($0)".escapedForTerminal }
        if items.count > Self.mostFailures {
            lines.append("  … and \(items.count - Self.mostFailures) more in \(rest)")
        }
        return lines + [""]
    }

    /// What fails the run comes first: of the account, of keys, of users. Then what is to be done with keys that failed
    /// nothing.
    private func actions() -> [String] {
        var actions: [(subject: String, what: Recommendation)] = []
        for (failed, what) in assessment.accountRecommendations where failed.isOpenFailure {
            actions.append((failed.test.scope.noun, what))
        }
        // What somebody answers for can wait.
        let urgent = assessment.byUrgency.lazy.filter { $0.needsAction && !$0.isExcused }
        func add(_ keys: some Sequence<KeyAssessment>) {
            for key in keys { actions.append(("\(key.user.name) \(key.key.label)", key.recommendation)) }
        }
        add(urgent.filter(\.outcomes.hasFailures).prefix(Self.mostActions - actions.count))
        for user in assessment.users where actions.count < Self.mostActions && user.outcomes.hasOpenFailures {
            for what in user.openRecommendations.prefix(Self.mostActions - actions.count) {
                actions.append((user.user.name, what))
            }
        }
        add(urgent.filter { !$0.outcomes.hasFailures }.prefix(Self.mostActions - actions.count))
        guard !actions.isEmpty else { return [] }
        var lines = [style.bold("What to do first")]
        for (index, action) in actions.enumerated() {
            let due = action.what.deadline(at: assessment.asOf).map { " \($0)" }
            lines.append(
                "  \(index + 1). \(action.subject): \(action.what.issue) \(action.what.action)\(due ?? "")"
                    .escapedForTerminal)
        }
        let all =
            assessment.accountRecommendations.count(where: \.failed.isOpenFailure) + urgent.count
            + assessment.users.reduce(0) { $0 + ($1.outcomes.hasOpenFailures ? $1.openRecommendations.count : 0) }
        if all > actions.count { lines.append("  … and \(all - actions.count) more in report.json") }
        return lines + [""]
    }

    private func field(_ name: String, _ value: String) -> String {
        // A framework of somebody's own may have a long name; it isn't cut off, or two may look the same.
        "\(name.count < 22 ? name.fitted(22) : name + "  ")\(value)"
    }
}

extension String {
    fileprivate var trimmedAtEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
