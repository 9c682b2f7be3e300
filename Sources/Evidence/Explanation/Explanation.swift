import CanonicalJSON
import FoundationEssentials

/// Why a user's keys, or those of the root user, are judged as they are: the facts with their sources, each rule and how
/// it was decided, the controls that it counts for, the exceptions that were considered, and what would make it compliant.
package struct Explanation: Sendable {
    let assessment: Assessment
    private let subject: Subject
    /// Where the subject is a user whose name is the id of somebody else's key: that key.
    private var namesake: KeyAssessment?
    let style: TerminalStyle

    private enum Subject {
        case user(UserAssessment, [KeyAssessment])
        case rootUser
    }

    /// - Parameter subject: a user's name or ARN, a key id, or the root user: ``RootUser/name``, its ARN, or `root` if no user
    ///   is called so.
    /// - Returns: nil where the assessment has none of these.
    package init?(of subject: String, in assessment: Assessment, style: TerminalStyle) {
        self.assessment = assessment
        self.style = style
        let user = assessment.users.first { $0.user.name == subject || $0.user.arn == subject }
        let key = assessment.keys.first { $0.key.id == subject }
        if let user {
            self.subject = .user(user, assessment.keys.filter { $0.user.name == user.user.name })
            // A user may be called as a key of somebody else's.
            namesake = key.flatMap { $0.user.name == user.user.name ? nil : $0 }
        } else if let key,
            let user = assessment.users.first(where: { $0.user.name == key.user.name })
        {
            self.subject = .user(user, [key])
        } else if [RootUser.name, "root", assessment.snapshot.account.rootARN].contains(subject) {
            self.subject = .rootUser
        } else {
            return nil
        }
    }

    package var text: String {
        let lines =
            switch subject {
            case .user(let user, let keys): explain(user, keys)
            case .rootUser: explainRootUser()
            }
        return lines.joined(separator: "\n") + "\n"
    }

    private func heading(_ title: String) -> [String] {
        let account = assessment.snapshot.account.id
        return [
            style.bold(title.escapedForTerminal),
            "Account \(account) as of \(assessment.asOf.iso8601), by policy \(assessment.policy.name)"
                .escapedForTerminal,
            "",
        ]
    }

    private func explain(_ user: UserAssessment, _ keys: [KeyAssessment]) -> [String] {
        var lines = heading("User \(user.user.name)")
        if let namesake {
            let hint = "A key of user \(namesake.user.name) has this id as well; that user's name shows it."
            lines += [hint.escapedForTerminal, ""]
        }
        lines += section("Facts about the user", facts(user.user))
        lines += section("Control tests about the user", user.isTested ? user.verdicts.flatMap(verdict) : [])
        for what in user.recommendations { lines += section("What to do about the user", steps(what)) }
        if let failure = user.user.keys.failure {
            let why = "Not known: \(failure.operation) \(failure.code): \(failure.message)"
            lines += section("Keys", [why.escapedForTerminal])
        } else if keys.isEmpty {
            lines += section("Keys", ["None."])
        }
        for key in keys { lines += explain(key) }
        return lines
    }

    private func explainRootUser() -> [String] {
        var lines = heading("Root user")
        lines += section("Facts about the root user", rootFacts)
        for key in assessment.snapshot.root.keys ?? [] {
            lines += section("Access key, \(key.label)".escapedForTerminal, facts(key))
        }
        let verdicts = assessment.accountVerdicts.filter { $0.test.scope == .rootUser }
        lines += section("Control tests about the root user", verdicts.flatMap(verdict))
        let places = assessment.exceptions.places(aboutThe: .rootUser)
        lines += section(
            "Exceptions considered",
            exceptions(places, about: .rootUser(of: assessment.snapshot.account), named: "the root user"))
        for (failed, what) in assessment.accountRecommendations where failed.test.scope == .rootUser {
            lines += section("What to do", steps(what))
        }
        return lines
    }

    // MARK: Facts

    private var rootFacts: [String] {
        let snapshot = assessment.snapshot
        let root = snapshot.root
        func word(_ known: Bool?) -> String { known.map { $0 ? "yes" : "no" } ?? "undetermined" }
        var facts = [
            fact("Access keys", word(root.accessKeysPresent), root.summary),
            fact("MFA", word(root.hasMFA), root.summary),
        ]
        if let keys = root.keys {
            facts.append(fact("Keys by report", "\(keys.count)", snapshot.credentialReport.provenance))
        }
        return facts
    }

    private func facts(_ user: IAMUser) -> [String] {
        var facts = [
            fact("ARN", user.arn, user.listed),
            fact("Created", user.created.iso8601, user.listed),
            fact("Access keys", user.keys) { $0.isEmpty ? "none" : String($0.count) },
            fact("Console password", user.consoleAccess) { $0 ? "yes" : "no" },
        ]
        switch user.optional.tags {
        case .read(let tags, let source)?:
            let list = tags.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
            facts.append(fact("Tags", list.isEmpty ? "none" : list, source))
        case .failed(let failure)?: facts.append(fact("Tags", "undetermined: \(failure.message)", nil))
        case .notAsked?, nil: break
        }
        return facts
    }

    private func facts(_ key: KeyAssessment) -> [String] {
        var facts = facts(key.key)
        for finding in key.dataFindings {
            facts.append("\(finding.kind.rawValue): \(finding.observed) Nothing passes by it.".escapedForTerminal)
        }
        return facts
    }

    private func facts(_ key: AccessKey) -> [String] {
        let asOf = assessment.asOf
        let lastUse =
            switch key.lastUse {
            case .read(.used(let at, let service, let region), _):
                "\(at.iso8601), \(counted(key.idleDays(at: asOf) ?? 0)) ago, with \(service)"
                    + (region == "N/A" ? "" : " in \(region)")
            case .read(.never, _): "never"
            case .undetermined(let failure): "undetermined: \(failure.operation) \(failure.code): \(failure.message)"
            }
        return [
            fact("Status", key.status.name, key.listed),
            fact("Created", "\(key.created.iso8601), \(counted(key.ageDays(at: asOf))) ago", key.listed),
            fact("Last used", lastUse, key.lastUse.source),
        ]
    }

    private func fact<Value>(_ name: String, _ fact: Fact<Value>, _ text: (Value) -> String) -> String {
        switch fact {
        case .read(let value, let source): self.fact(name, text(value), source)
        case .undetermined(let failure): self.fact(name, "undetermined: \(failure.message)", nil)
        }
    }

    private func fact(_ name: String, _ value: String, _ source: Provenance?) -> String {
        let origin = source.map { source in
            " (\(source.operation.rawValue) at \(source.asOf.iso8601)\(exchanges(source)))"
        }
        return "\(name.fitted(17)) \(value.escapedForTerminal)\(style.dim(origin ?? ""))"
    }

    /// `, exchange 12`
    private func exchanges(_ source: Provenance) -> String {
        let numbers = source.exchanges.map(String.init)
        return numbers.isEmpty ? "" : ", exchange\(numbers.count == 1 ? "" : "s") \(numbers.joined(separator: ", "))"
    }

    // MARK: A key

    private func explain(_ key: KeyAssessment) -> [String] {
        let rules =
            key.hasOpenRules
            ? "by rules that the tags decide, which weren't read"
            : key.overrideName.map { "by the rules of override '\($0)'" } ?? "by the policy's own rules"
        let title = "Access key \(key.key.label): \(key.levelName)"
        var lines = [style.toned(style.bold(title.escapedForTerminal), .init(key.level)), ""]
        lines += section("Facts", facts(key))
        lines += section("Level, \(rules.escapedForTerminal)", levels(key))
        lines += section("Control tests", key.verdicts.flatMap(verdict))
        let places = assessment.exceptions.places(about: key.key, of: key.user)
        lines += section(
            "Exceptions considered, for the key and its user",
            exceptions(places, about: key.user.principal, named: "this key or its user"))
        let outcomes = key.whatIfs.map { what in
            let notPassing =
                what.notPassing.isEmpty
                ? "" : ", not passing \(what.notPassing.map(\.rawValue).joined(separator: ", "))"
            return "\(what.change.fitted(34)) \(style.toned(what.outcome.name, what.outcome.tone))\(notPassing)"
        }
        lines += section("What would make it compliant: if it were …", outcomes)
        return lines + section("What to do", steps(key.recommendation))
    }

    /// Each band from the worst down, and whether the key falls into it.
    private func levels(_ key: KeyAssessment) -> [String] {
        var lines: [String] = []
        switch key.key.status {
        case .active: break
        case .inactive, .expired:
            if let cap = key.agreed(\.inactiveKeysAtMost) {
                lines.append("A key that is \(key.key.status.name) has \(cap.name) at most.")
            }
        case .unknown(let name):
            return ["Whether a key that is '\(name)' can be used isn't known: it has no level.".escapedForTerminal]
        }
        guard let levels = key.agreed(\.levels) else { return lines + [level(byAnyRulesOf: key)] }
        var isDecided = false
        for (level, band) in levels.bands {
            let limits = conditions(band, key)
            guard !limits.isEmpty else {
                lines.append("\(level.name.fitted(9)) is never given")
                continue
            }
            for (index, limit) in limits.enumerated() {
                let name = index == 0 ? level.name : ""
                let answer = isDecided ? "not looked at" : "\(word(limit.isMet)): \(limit.observed)"
                lines.append("\(name.fitted(9)) \(limit.question.fitted(34)) \(answer)")
                if limit.isMet == true { isDecided = true }
            }
        }
        if !isDecided, key.isLevelKnown { lines.append("COMPLIANT, as none of these is met") }
        if case .undetermined = key.classification { lines.append(level(byAnyRulesOf: key)) }
        return lines
    }

    /// The level with its reason, where no band decides it.
    private func level(byAnyRulesOf key: KeyAssessment) -> String {
        switch key.classification {
        case .level(let level, let reason): "\(level.name) by each of them: \(reason.text)".escapedForTerminal
        case .undetermined(let least, let reason):
            "Undetermined, \(least.name) at least: \(reason.text)".escapedForTerminal
        }
    }

    private func word(_ isMet: Bool?) -> String {
        switch isMet {
        case true?: style.bold("yes")
        case false?: "no"
        case nil: "not known"
        }
    }

    /// What a band asks for. Nil is neither yes nor no: of a use that couldn't be read, nobody knows.
    private func conditions(
        _ band: Band, _ key: KeyAssessment
    ) -> [(question: String, isMet: Bool?, observed: String)] {
        var conditions: [(String, Bool?, String)] = []
        func add(_ question: String, _ isMet: Bool?, _ observed: String) {
            conditions.append((question, isMet, observed))
        }
        let age = "\(counted(key.ageDays)) old"
        let isRead = key.key.lastUse.isRead
        let unknown = isRead ? nil : "whether and when it was used could not be read"
        if let limit = band.neverUsedAge {
            let observed = unknown ?? (key.isNeverUsed ? "never used, \(age)" : "it was used")
            let isMet = key.isNeverUsed && key.ageDays >= limit
            add("never used and \(counted(limit)) old?", isRead ? isMet : nil, observed)
        }
        if let limit = band.idle {
            let observed = unknown ?? key.idleDays.map { "\(counted($0)) ago" } ?? "it was never used"
            let isMet = key.idleDays.map { $0 >= limit } ?? false
            add("last used \(counted(limit)) ago?", isRead ? isMet : nil, observed)
        }
        if let limit = band.age { add("\(counted(limit)) old?", key.ageDays >= limit, age) }
        return conditions
    }

    // MARK: Tests, controls and exceptions

    private func verdict(_ verdict: TestVerdict) -> [String] {
        let reason = verdict.verdict.reason
        let conclusion = verdict.verdict.conclusion.rawValue
        let origin = reason.source.map { source in
            " (\(source.operation.rawValue)\(exchanges(source)))"
        }
        var lines = [
            "\(verdict.test.rawValue.fitted(21)) \(style.toned(conclusion, .init(verdict.verdict.conclusion))): "
                + reason.text.escapedForTerminal + style.dim(origin ?? "")
        ]
        for mapping in assessment.shown.mappings(of: verdict.test) {
            let framework = assessment.shown.frameworks.first { $0.id == mapping.framework }?.label ?? mapping.framework
            let text =
                "  counts for \(framework) \(mapping.label) (\(mapping.target), \(mapping.relationship.rawValue)): "
                + mapping.rationale + limit(of: mapping, on: verdict.verdict)
            lines.append(text.escapedForTerminal)
        }
        if let match = verdict.exception { lines.append("  \(match.sentence)".escapedForTerminal) }
        return lines
    }

    /// What a framework's own limit makes of a verdict that is satisfied by the policy's.
    private func limit(of mapping: Crosswalk.Mapping, on verdict: Verdict) -> String {
        guard let days = mapping.limitDays, verdict.exceeds(days) else { return "" }
        return " Not satisfied there: its own limit is \(counted(days))."
    }

    /// - Parameters:
    ///   - places: of those that are about the subject.
    ///   - principal: the subject, or whose key it is.
    private func exceptions(_ places: [Int], about principal: Principal, named name: String) -> [String] {
        let list = assessment.exceptions
        guard !list.isEmpty else { return ["The scan was given none."] }
        guard !places.isEmpty else { return ["None of the \(list.exceptions.count) is about \(name)."] }
        return places.map { place in
            let match = ExceptionMatch(
                exception: list.exceptions[place],
                state: list.exceptions[place].state(for: principal, at: assessment.asOf))
            let tests = match.exception.tests.map(\.rawValue).joined(separator: ", ")
            return "\(match.exception.subject.text), \(tests): \(match.sentence) \(match.exception.reason)"
                .escapedForTerminal
        }
    }

    // MARK: What to do

    private func steps(_ what: Recommendation) -> [String] {
        var lines = ["\(what.issue) \(what.action)".escapedForTerminal, "Why: \(what.why)".escapedForTerminal]
        if let deadline = what.deadline(at: assessment.asOf) { lines.append(deadline) }
        for (index, step) in what.steps.enumerated() {
            lines.append("\(index + 1). \(step.text)\(step.command == nil ? "." : ":")".escapedForTerminal)
            if let command = step.command { lines.append("     \(command.text.escapedForTerminal)") }
        }
        return lines
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        guard !lines.isEmpty else { return [] }
        return [style.bold(title)] + lines.map { "  \($0)" } + [""]
    }
}
