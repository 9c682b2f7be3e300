import CanonicalJSON
import Evidence
import FoundationEssentials

/// What the assessment results say of keys: whether findings, observations and risks say the same.
struct OSCALConclusions {
    /// How many findings were compared.
    private(set) var count = 0
    private var found = Flaws()
    /// Of each level how many keys have it by their observations.
    private(set) var levels: [String: Int] = [:]
    private(set) var inventoryItems = 0

    var flaws: [String] { found.listed }

    private static let neither = "neither"

    /// No finding or observation that KeyWitness writes has fewer bytes. More of them than would fit into the document
    /// aren't looked at, as each takes more memory than `{}` does on disk.
    private static let smallestItem = 200
    private let most: Int

    /// In the order of the file.
    private var observations: [Observation] = []
    private var placesOfObservations: [String: Int] = [:]
    private var findings: [Finding] = []

    private struct Observation {
        var uuid: String
        var title: String
        /// Of each test what it says, `satisfied` and so on.
        var conclusions: [String: String]
    }

    private struct Finding {
        var title: String
        var scope: String
        var tests: [String]
        /// Those that decide it and couldn't be made.
        var notRun: [String]
        var conclusion: String
        var isExcepted: Bool
        var observations: [String]
        var hasRisks: Bool
        var objective: Objective
        /// The tests' own conclusion is satisfied; a limit that the framework sets itself isn't.
        var isBeyondLimit: Bool
        /// The counts that a control's finding states; empty for others.
        var counts: [String: Int]
    }

    /// What a control's finding is about.
    private struct Objective: Hashable {
        var framework: String
        var control: String
        var target: String

        /// Those that it is a part of: `ia-5_obj` of `ia-5_obj.f`. No id of ours has more parts than these.
        var wholes: [Objective] {
            target.indices.filter { target[$0] == "." }.prefix(10).map {
                Objective(framework: framework, control: control, target: String(target[..<$0]))
            }
        }
    }

    /// - Parameters:
    ///   - bytes: the assessment results.
    ///   - shown: the crosswalk of the frameworks that they show: a test that speaks to none of their controls has no
    ///     findings.
    /// - Throws: ``JSONReadingError``.
    init(_ bytes: [UInt8], shown: Crosswalk) throws {
        most = bytes.count / Self.smallestItem
        try JSONReader.read(bytes) { reader in
            try reader.object { name, reader in
                guard name == "assessment-results" else { return }
                try reader.object { name, reader in
                    guard name == "results" else { return }
                    try reader.array { reader in
                        try reader.object { name, reader in try read(name, &reader) }
                    }
                }
            }
        }
        compare(Set(ControlTestID.allCases.filter { shown.objective(of: $0) != nil }.map(\.rawValue)))
    }

    private mutating func read(_ name: String, _ reader: inout JSONReader) throws {
        switch name {
        case "observations":
            try reader.array { reader in
                guard has(room: observations.count, for: name) else { return }
                note(observation: try reader.value())
            }
        case "findings":
            try reader.array { reader in
                guard has(room: findings.count, for: name) else { return }
                note(finding: try reader.value())
            }
        case "local-definitions":
            try reader.object { name, reader in
                if name == "inventory-items" {
                    try reader.array { _ in inventoryItems += 1 }
                }
            }
        default: break
        }
    }

    private mutating func has(room count: Int, for name: String) -> Bool {
        guard count >= most else { return true }
        found.note("there are more \(name) than a document of this size can have", once: true)
        return false
    }

    private mutating func note(observation: JSONValue) {
        if let level = observation.props("classification").first { levels[level, default: 0] += 1 }
        var conclusions: [String: String] = [:]
        for text in observation.props("test-conclusion") {
            let parts = text.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { conclusions[String(parts[0])] = String(parts[1].drop { $0 == " " }) }
        }
        let uuid = observation.member("uuid")?.string ?? ""
        if placesOfObservations.updateValue(observations.count, forKey: uuid) != nil {
            found.note("two observations have the uuid \(uuid.prefix(40))")
        }
        observations.append(
            Observation(uuid: uuid, title: observation.member("title")?.string ?? "", conclusions: conclusions))
    }

    private mutating func note(finding: JSONValue) {
        let status = finding.member("target")?.member("status")
        let conclusion =
            switch (status?.member("state")?.string, status?.member("reason")?.string) {
            case ("satisfied", "pass"): Conclusion.satisfied.rawValue
            case ("not-satisfied", "fail"): Conclusion.notSatisfied.rawValue
            case ("not-satisfied", "other"): Conclusion.undetermined.rawValue
            default: Self.neither
            }
        var counts: [String: Int] = [:]
        for name in ["subjects-tested", "failed", "excepted", "undetermined", "beyond-framework-limit"] {
            counts[name] = finding.props(name).first.flatMap(Int.init)
        }
        let scope = finding.props("scope").first ?? ""
        findings.append(
            Finding(
                title: finding.member("title")?.string ?? "", scope: scope,
                tests: finding.props("control-test"), notRun: finding.props("control-test-not-run"),
                conclusion: conclusion,
                isExcepted: finding.props("exception", class: ExceptionMatch.State.inForce.rawValue).first != nil,
                observations: (finding.member("related-observations")?.elements ?? []).compactMap {
                    $0.member("observation-uuid")?.string
                }, hasRisks: finding.member("related-risks")?.elements.isEmpty == false,
                objective: Objective(
                    framework: finding.props("framework").first ?? "",
                    control: finding.props("control-id").first ?? "",
                    target: finding.member("target")?.member("target-id")?.string ?? ""),
                isBeyondLimit: counts["beyond-framework-limit"].map { $0 > 0 || scope != "control" } ?? false,
                counts: counts))
    }

    // MARK: Comparing

    private struct Tally {
        var all = 0
        var failed = 0
        var excepted = 0
        var undetermined = 0

        mutating func note(_ conclusion: String, isExcepted: Bool) {
            all += 1
            if conclusion == Conclusion.undetermined.rawValue { undetermined += 1 }
            guard conclusion == Conclusion.notSatisfied.rawValue else { return }
            if isExcepted { excepted += 1 } else { failed += 1 }
        }
    }

    private mutating func compare(_ testsWithFindings: Set<String>) {
        for finding in findings {
            if finding.conclusion == Self.neither {
                found.note("finding '\(finding.title.prefix(80))' is neither satisfied nor not")
            }
            if finding.conclusion == Conclusion.notSatisfied.rawValue, !finding.hasRisks, !finding.isBeyondLimit {
                found.note("finding '\(finding.title.prefix(80))' fails, and names no risk")
            }
        }
        var tallies: [String: Tally] = [:]
        var seen: [String: Set<String>] = [:]
        for finding in findings where finding.scope != "control" {
            count += 1
            guard finding.tests.count == 1, let test = finding.tests.first else {
                found.note("finding '\(finding.title.prefix(80))' is about \(finding.tests.count) tests")
                continue
            }
            let conclusion = finding.isBeyondLimit ? Conclusion.satisfied.rawValue : finding.conclusion
            if finding.isBeyondLimit, finding.conclusion != Conclusion.notSatisfied.rawValue {
                found.note("finding '\(finding.title.prefix(80))' is beyond a limit, and satisfied")
            }
            tallies[test, default: Tally()].note(conclusion, isExcepted: finding.isExcepted)
            for uuid in finding.observations {
                guard let place = placesOfObservations[uuid],
                    let observed = observations[place].conclusions[test]
                else { continue }
                seen[uuid, default: []].insert(test)
                if observed != conclusion {
                    found.note(
                        "finding '\(finding.title.prefix(80))' says \(conclusion), and its observation \(observed)"
                    )
                }
            }
        }
        for observation in observations {
            let expected = testsWithFindings.intersection(observation.conclusions.keys)
            for test in expected.subtracting(seen[observation.uuid] ?? []).sorted() {
                found.note("observation '\(observation.title.prefix(80))' has no finding for \(test)")
            }
        }
        let controls = findings.filter { $0.scope == "control" }
        var parts: [Objective: Set<String>] = [:]
        for finding in controls {
            for whole in finding.objective.wholes { parts[whole, default: []].insert(finding.conclusion) }
        }
        for finding in controls { compare(finding, parts: parts[finding.objective] ?? [], tallies) }
    }

    /// - Parameter parts: the conclusions of the parts that the objective has.
    private mutating func compare(_ finding: Finding, parts: Set<String>, _ tallies: [String: Tally]) {
        count += 1
        let own = finding.tests.compactMap { tallies[$0] }
        let sums = [
            "subjects-tested": own.reduce(0) { $0 + $1.all }, "failed": own.reduce(0) { $0 + $1.failed },
            "excepted": own.reduce(0) { $0 + $1.excepted }, "undetermined": own.reduce(0) { $0 + $1.undetermined },
        ]
        for (name, sum) in sums.sorted(by: { $0.key < $1.key }) where finding.counts[name] != sum {
            let said = finding.counts[name].map { "says \(name) \($0)" } ?? "doesn't say \(name)"
            found.note("finding '\(finding.title.prefix(80))' \(said), and findings come to \(sum)")
        }
        let fails =
            sums["failed"] != 0 || sums["excepted"] != 0 || finding.isBeyondLimit
            || parts.contains(Conclusion.notSatisfied.rawValue)
        let isOpen =
            sums["undetermined"] != 0 || !finding.notRun.isEmpty || !parts.isSubset(of: [Conclusion.satisfied.rawValue])
        if fails != (finding.conclusion == Conclusion.notSatisfied.rawValue)
            || finding.conclusion == Conclusion.satisfied.rawValue && isOpen
        {
            found.note("finding '\(finding.title.prefix(80))' isn't what the findings of its tests come to")
        }
    }
}

extension JSONValue {
    /// The values of the props of a name.
    fileprivate func props(_ name: String, class: String? = nil) -> [String] {
        (member("props")?.elements ?? []).compactMap { prop in
            guard prop.member("name")?.string == name, `class` == nil || prop.member("class")?.string == `class` else {
                return nil
            }
            return prop.member("value")?.string
        }
    }
}
