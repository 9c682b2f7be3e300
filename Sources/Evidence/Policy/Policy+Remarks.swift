package import FoundationEssentials
import PlainText

extension Policy {
    /// In a few lines, what it comes to.
    package var described: String {
        let limits = rules.limits
        return "\(name): \(title). Unused \(counted(limits.lastUsed)), rotation \(counted(limits.keyAge)), overlap "
            + "\(counted(limits.rotationOverlap)); \(counted(tests.count, "control test")), "
            + "\(counted(overrides.count, "override")), exceptions of up to "
            + "\(counted(exceptions.maximumTerm))"
    }

    /// What is allowed and may not be meant.
    package var remarks: [String] {
        var remarks: [String] = []
        for test in ControlTestID.allCases where !tests.contains(test) && test != .identifierAssigned {
            remarks.append("\(test.rawValue) doesn't run")
        }
        if !ownerTags.isEmpty, !tests.contains(.identifierAssigned) {
            remarks.append("owner_tags are named, and identifier-assigned, which looks at them, doesn't run")
        }
        for (index, override) in overrides.enumerated() {
            if let earlier = overrides[..<index].first(where: { $0.match == override.match }) {
                remarks.append(
                    "override '\(override.name)' never applies: '\(earlier.name)' matches the same users before it")
            }
        }
        for override in overrides { remarks += override.match.remarks.map { "override '\(override.name)' \($0)" } }
        if let all = overrides.firstIndex(where: { $0.match.fitsEverybody }), all < overrides.count - 1 {
            remarks.append(
                "override '\(overrides[all].name)' fits everybody: those after it never apply")
        }
        remarks += earlyRotations
        for (level, isEmpty) in rules.levels.unreachable {
            remarks.append(
                "no key gets level \(level.name): " + (isEmpty ? "it has no limits" : "a worse level begins as early"))
        }
        if looksAtTags {
            remarks.append(
                "it looks at users' tags: a scan needs iam:ListUserTags, too, and makes one more call a user")
        }
        return remarks
    }
}

extension Policy {
    /// Rules by whose levels a key is to be rotated before the test of its rotation fails. For an override that allows more
    /// that may not be meant: its keys pass, and are overdue.
    private var earlyRotations: [String] {
        guard tests.contains(.keyRotation) else { return [] }
        let all = [("", rules)] + overrides.map { ("override '\($0.name)': ", $0.change.applied(to: rules)) }
        return all.compactMap { name, rules -> String? in
            let due = rules.levels.bands.filter { $0.level >= .medium }.compactMap { level, band in
                band.age.map { (level: level, days: $0 + rules.due[level]) }
            }
            guard let first = due.min(by: { $0.days < $1.days }), first.days < rules.limits.keyAge else { return nil }
            return
                "\(name)a key is due for rotation at \(counted(first.days)), by level \(first.level.name) and its due "
                + "days, and fails key-rotation at \(rules.limits.keyAge): give the level another age, if that isn't meant"
        }
    }
}

extension UserPattern {
    /// Why it fits nobody at all, or less than it seems to.
    fileprivate var remarks: [String] {
        // IAM: a path begins and ends with a slash.
        let paths = paths.filter { !$0.text.hasSuffix("/") && !$0.text.hasSuffix("*") && !$0.text.hasSuffix("?") }
        return paths.map { "names the path '\($0.text)', which no user has: IAM's paths end with '/'" }
            + names.compactMap { Self.remark(onName: $0.text) }
    }

    /// Why nobody can be called so; nil where somebody may be.
    ///
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, "IAM name limits"
    fileprivate static func remark(onName name: String) -> String? {
        if name.hasPrefix("arn:") { return "names the user '\(name)', whom there can't be: give the name, not the ARN" }
        guard name.contains("/") else { return nil }
        return "names the user '\(name)', whom there can't be: '/' stands in paths only"
    }

    fileprivate var fitsEverybody: Bool {
        tags.isEmpty && [names, paths].allSatisfy { $0.isEmpty || $0.contains { $0.text.allSatisfy { $0 == "*" } } }
    }
}

extension Levels {
    /// Those whose every limit a worse level has, too, or that have none.
    fileprivate var unreachable: [(level: RiskLevel, isEmpty: Bool)] {
        var found: [(level: RiskLevel, isEmpty: Bool)] = []
        for (index, (level, band)) in bands.enumerated() {
            let worse = bands[..<index].map(\.band)
            let isReachable = Band.Kind.allCases.contains { kind in
                guard let days = band[keyPath: kind.limit] else { return false }
                return worse.allSatisfy { ($0[keyPath: kind.limit] ?? .max) > days }
            }
            if !isReachable { found.append((level, band == Band())) }
        }
        return found
    }
}

extension Criteria {
    /// The limits of frameworks that are shown, where the policy allows more to anybody: what lies between satisfies the
    /// test and not the control.
    package var remarks: [String] {
        let shown = crosswalk.limited(to: frameworks)
        let ruleSets = policy.ruleSets(running: policy.tests)
        return policy.tests.flatMap { test -> [String] in
            let allowed = ruleSets.compactMap { $0.test(test)?.parameters.first?.days }.max() ?? 0
            return shown.mappings(of: test).compactMap { mapping in
                guard let limit = mapping.limitDays, limit < allowed else { return nil }
                let framework = shown.frameworks.first { $0.id == mapping.framework }?.label ?? mapping.framework
                return "\(framework) \(mapping.label) allows \(counted(limit)), and policy '\(policy.name)' "
                    + "\(counted(allowed)) for \(test.rawValue): what is between the two passes the test, and not the control"
            }
        }
    }
}

extension ExceptionList {
    /// What can be said without a scan.
    package func remarks(on policy: Policy, at now: Date) -> [String] {
        let tags =
            looksAtTags && !policy.looksAtTags
            ? ["they look at users' tags: a scan needs iam:ListUserTags, too, and makes one more call a user"] : []
        return tags
            + exceptions.flatMap { exception -> [String] in
                let name = "\(exception.ticket) (\(exception.subject.text))"
                var remarks: [String] = []
                if now >= exception.expires {
                    remarks.append("\(name) expired on \(exception.expires.day)")
                } else if now.addingTimeInterval(Double(policy.exceptions.warnBefore) * 86_400) >= exception.expires {
                    remarks.append("\(name) expires on \(exception.expires.day)")
                }
                remarks += exception.subject.remarks.map { "\(exception.ticket) \($0)" }
                for test in exception.tests where !policy.tests.contains(test) {
                    remarks.append("\(name) is about \(test.rawValue), which doesn't run by this policy")
                }
                if exception.approver.lowercased() == exception.owner.lowercased() {
                    remarks.append("\(name) is approved by its own owner")
                }
                return remarks
            }
    }
}

extension ControlException.Subject {
    /// Why it is about nobody and nothing.
    fileprivate var remarks: [String] {
        switch self {
        case .key(let id):
            // AWS's own pattern allows small letters, and it gives out none.
            // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
            return id.utf8.allSatisfy { $0.isASCIIDigit || $0.isASCIICapital }
                ? [] : ["names the key '\(id)', which is no access key id: those are like AKIAIOSFODNN7EXAMPLE"]
        case .user(let name): return [UserPattern.remark(onName: name)].compactMap(\.self)
        case .users(let pattern): return pattern.remarks
        case .rootUser, .account: return []
        }
    }
}
