import EvidenceSchemas
package import StrictYAML

extension Crosswalk {
    /// The crosswalk that every scan goes by: NIST SP 800-53 and SOC 2.
    package static func standard() throws(YAMLError) -> Crosswalk {
        try Crosswalk(
            reading: YAMLValue(parsing: EvidenceSchema.crosswalk, file: "controls.json (built in)"), nist: nil)
    }

    /// All that is built in.
    package static func builtIn() throws(YAMLError) -> Crosswalk {
        var all = try standard()
        for (name, file) in EvidenceSchema.furtherFrameworks {
            all = all.adding(
                try Crosswalk(reading: YAMLValue(parsing: file, file: "\(name) (built in)"), besides: all, nist: nil))
        }
        return all
    }

    /// A file of mappings, in YAML or JSON.
    ///
    /// - Parameters:
    ///   - known: what it is to be added to; it can't have a framework of the same id.
    ///   - nist: by what mappings to NIST's catalog are checked; nil for our own, which tests check.
    package init(
        reading value: YAMLValue, besides known: Crosswalk? = nil, nist: NISTControls? = NISTControls()
    ) throws(YAMLError) {
        let file = try value.mapping("a file of control mappings", keys: Key.self)
        version = try file.required(.version).line()
        frameworks = []
        let list = try file.required(.frameworks)
        for item in try list.items() {
            guard frameworks.count + (known?.frameworks.count ?? 0) < Self.mostFrameworks else {
                throw item.error(
                    "there are at most \(Self.mostFrameworks) frameworks, those that are built in among them")
            }
            let entry = try item.mapping("a framework", keys: FrameworkKey.self)
            let id = try entry.required(.id).token()
            guard !frameworks.contains(where: { $0.id == id }),
                known?.frameworks.contains(where: { $0.id == id }) != true
            else { throw item.error("there is a framework '\(id)' already; give this one another id") }
            let title = try entry.required(.title).line()
            frameworks.append(Framework(id: id, title: title, label: try entry[.label]?.line(atMost: 30) ?? title))
        }
        guard !frameworks.isEmpty else { throw list.error(expected: "at least one framework") }
        tests = []
        for item in try file.required(.tests).items() {
            let entry = try item.mapping("the mappings of a test", keys: TestKey.self)
            let id = try entry.required(.test)
            let test = try id.choice(of: ControlTestID.self)
            guard !tests.contains(where: { $0.test == test }) else {
                throw id.error("'\(test.rawValue)' stands here twice; put its mappings together")
            }
            var mappings: [Mapping] = []
            let others = known?.mappings(of: test).count ?? 0
            var targets: Set<[String]> = []
            for mapping in try entry.required(.mappings).items() {
                let next = try Mapping(reading: mapping, of: test, frameworks: frameworks, nist)
                guard mappings.count + others < Self.mostMappings else {
                    throw mapping.error(
                        "a test has at most \(Self.mostMappings) mappings, those that are built in among them")
                }
                guard targets.insert([next.framework, next.target]).inserted else {
                    throw mapping.error("'\(next.target)' stands here twice for \(test.rawValue)")
                }
                mappings.append(next)
            }
            tests.append(TestMappings(test: test, mappings: mappings))
        }
        try checkIDs(known?.namedIDs ?? [:], nist, in: value)
    }

    /// Far more than anybody has: each finding names all of its test's mappings, and these their frameworks. They are of all
    /// files together, as a bundle has them in one.
    private static let (mostFrameworks, mostMappings) = (100, 1000)

    /// What an id stands for. Of one thing all mappings say the same.
    private struct Meaning: Equatable {
        let text: String
        /// What else a catalog says of it: its label, or its kind.
        var detail: String?

        static func framework(_ id: String) -> Meaning { Meaning(text: "framework \(id)") }

        static func control(of mapping: Mapping) -> Meaning {
            Meaning(text: "control \(mapping.control) of \(mapping.framework)", detail: "called '\(mapping.label)'")
        }

        static func part(of mapping: Mapping) -> Meaning {
            Meaning(
                text: "part \(mapping.target) of \(mapping.control), \(mapping.framework)",
                detail: mapping.targetType == .objective ? "an objective" : "a statement")
        }

        /// How both are told apart.
        func differs(from other: Meaning) -> String {
            guard text == other.text, let detail, let otherDetail = other.detail else {
                return "\(self.text) and \(other.text)"
            }
            return "\(text), \(detail), and \(other.text), \(otherDetail)"
        }
    }

    /// What ids stand for that the index catalog will have: there an id stands for one thing. NIST's own catalog has
    /// its controls.
    private var namedIDs: [String: Meaning] {
        var named: [String: Meaning] = [:]
        for framework in frameworks where framework.id != Self.nist { named[framework.id] = .framework(framework.id) }
        for mapping in tests.flatMap(\.mappings) where mapping.framework != Self.nist {
            named[mapping.control] = .control(of: mapping)
            named[mapping.target] = .part(of: mapping)
        }
        return named
    }

    /// - Parameter nist: whose ids a profile imports beside those of the index; nil for what is built in.
    private func checkIDs(
        _ known: [String: Meaning], _ nist: NISTControls?, in value: YAMLValue
    ) throws(YAMLError) {
        var named = known
        func note(_ id: String, _ meaning: Meaning, _ advice: String) throws(YAMLError) {
            let other = named.updateValue(meaning, forKey: id) ?? nist?.name(of: id).map { Meaning(text: $0) }
            guard let other, other != meaning else { return }
            throw value.error("'\(id)' is both \(other.differs(from: meaning)); \(advice)")
        }
        for framework in frameworks where framework.id != Self.nist {
            try note(framework.id, .framework(framework.id), "give one another id")
        }
        for mapping in tests.flatMap(\.mappings) where mapping.framework != Self.nist {
            try note(mapping.control, .control(of: mapping), "give one another id")
            try note(mapping.target, .part(of: mapping), "'\(mapping.control)_smt', say, would be the part's own")
        }
    }

    private enum Key: String, CaseIterable {
        case version, frameworks, tests
    }

    private enum FrameworkKey: String, CaseIterable {
        case id, title, label
    }

    private enum TestKey: String, CaseIterable {
        case test, mappings
    }
}

extension Crosswalk.Mapping {
    fileprivate init(
        reading value: YAMLValue, of test: ControlTestID, frameworks: [Crosswalk.Framework], _ nist: NISTControls?
    ) throws(YAMLError) {
        let file = try value.mapping("a mapping", keys: Key.self)
        let name = try file.required(.framework)
        framework = try name.text()
        guard frameworks.contains(where: { [framework] in $0.id == framework }) else {
            throw name.error("there is no framework '\(framework)' among the frameworks of this file")
        }
        control = try file.required(.control).token()
        label = try file[.label]?.line(atMost: 60) ?? control
        targetType = try file.required(.targetType).choice(of: Crosswalk.TargetType.self)
        let part = try file.required(.target)
        target = try part.token()
        if framework == Crosswalk.nist, nist?.has(target, in: control) == false {
            throw part.error("NIST SP 800-53 Rev. 5 has no '\(target)' in \(control)")
        }
        parameter = try file[.parameter]?.token()
        dueParameter = try file[.dueParameter]?.token()
        if let limit = file[.limitDays] {
            guard test.hasLimit else {
                throw limit.error("\(test.rawValue) counts no days, so that there is nothing to limit")
            }
            limitDays = try limit.days()
        }
        relationship = try file.required(.relationship).choice(of: Crosswalk.Relationship.self)
        rationale = try file.required(.rationale).line(atMost: 1000)
    }

    private enum Key: String, CaseIterable {
        case framework, control, label, targetType, target, parameter, dueParameter, limitDays, relationship, rationale
    }
}

extension YAMLValue {
    /// An OSCAL token: what ids of controls, objectives and parameters are.
    fileprivate func token() throws(YAMLError) -> String {
        let text = try text()
        func isLetter(_ byte: UInt8) -> Bool {
            byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
        }
        guard let first = text.utf8.first, isLetter(first), text.utf8.count <= 100,
            text.utf8.allSatisfy({
                isLetter($0) || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: ".")
            })
        else {
            throw error(
                expected: "an OSCAL token: a letter, then letters, digits, '.', '-' and '_'; a label can be anything")
        }
        return text
    }
}
