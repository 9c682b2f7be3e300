import ArgumentParser
import Evidence
import FoundationEssentials
import StrictYAML

/// The files that an account is judged by, and that decide on what has to be known for it.
struct PolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What keys are held to: a file, or \(Policy.BuiltIn.allCases.map(\.rawValue).joined(separator: ", ")).",
            discussion: "See 'keywitness policy'.", valueName: "file|name"))
    var policy = Policy.BuiltIn.default.rawValue

    @Option(
        help: ArgumentHelp(
            "Failures that somebody answers for, until a day: a YAML file.", valueName: "file"))
    var exceptions: String?

    func readExceptions(terms policy: Policy) throws -> ExceptionList {
        guard let exceptions else { return .none }
        return try ExceptionList(reading: YAMLValue(contentsOf: exceptions), terms: policy.exceptions)
    }
}

/// What an account is judged by.
struct CriteriaOptions: ParsableArguments {
    @OptionGroup(title: "What keys are judged by") var files: PolicyOptions

    @Option(
        help: ArgumentHelp("An Active key of this age fails key-rotation; else the policy's limit.", valueName: "days"))
    var keyAgeThreshold: Int?

    @Option(
        help: ArgumentHelp(
            "An Active key unused for so long fails unused-key, and level HIGH begins there, CRITICAL no earlier; else "
                + "the policy's limit.",
            valueName: "days"))
    var lastUsedThreshold: Int?

    @Option(
        name: .customLong("controls"),
        help: ArgumentHelp(
            "Mappings to controls of another framework, in the form of controls.json; may be given more than once.",
            valueName: "file"))
    var controlFiles: [String] = []

    @Option(
        name: .customLong("framework"),
        help: ArgumentHelp(
            "Show the controls of this framework only; may be given more than once. 'keywitness controls' lists them.",
            discussion: "Without it NIST SP 800-53, SOC 2 and those of --controls.", valueName: "id"))
    var frameworks: [String] = []

    func validate() throws {
        for (name, days) in [("key-age-threshold", keyAgeThreshold), ("last-used-threshold", lastUsedThreshold)] {
            guard let days, !(1...36_500).contains(days) else { continue }
            throw ValidationError("--\(name) takes whole days from 1 to 36500, not \(days).")
        }
    }

    /// Reads the files.
    ///
    /// - Throws: ``YAMLError`` or `ValidationError`.
    func criteria() throws -> Criteria {
        let policy = try readPolicy()
        var criteria = Criteria(
            policy: policy, exceptions: try files.readExceptions(terms: policy), crosswalk: try crosswalk())
        criteria.frameworks = try shownFrameworks(of: criteria.crosswalk)
        return criteria
    }

    func readPolicy() throws -> Policy {
        var policy = try Policy(named: files.policy)
        do { try policy.adjust(keyAge: keyAgeThreshold, lastUsed: lastUsedThreshold) } catch {
            // The other limit changes no level.
            throw ValidationError(
                "--last-used-threshold \(lastUsedThreshold.map(String.init) ?? ""): \(error); a milder level begins earlier "
                    + "or at the same time. Give another limit, or change the override.")
        }
        return policy
    }

    /// What is built in and what was added.
    func crosswalk() throws(YAMLError) -> Crosswalk {
        var all = try Crosswalk.builtIn()
        for file in controlFiles { all = all.adding(try Crosswalk(reading: YAMLValue(contentsOf: file), besides: all)) }
        return all
    }

    static func check(_ frameworks: [String], among crosswalk: Crosswalk) throws {
        let known = crosswalk.frameworks.map(\.id)
        for id in frameworks where !known.contains(id) {
            let near = id.nearest(in: known).map { " Did you mean \($0)?" } ?? ""
            throw ValidationError(
                "--framework '\(id)' is none of \(known.joined(separator: ", ")).\(near) --controls adds others.")
        }
    }

    private func shownFrameworks(of crosswalk: Crosswalk) throws -> Set<String> {
        try Self.check(frameworks, among: crosswalk)
        guard frameworks.isEmpty else { return Set(frameworks) }
        guard !controlFiles.isEmpty else { return Crosswalk.standardFrameworks }
        let added = Set(crosswalk.frameworks.map(\.id)).subtracting(try Crosswalk.builtIn().frameworks.map(\.id))
        return Crosswalk.standardFrameworks.union(added)
    }
}

extension Policy {
    /// A built-in policy by its name, or a file's.
    init(named name: String) throws {
        self = try Policy.read(named: name).policy
    }

    /// The same, with its text as it stands there: a pipe can be read only once.
    static func read(named name: String) throws -> (policy: Policy, text: String) {
        if let builtIn = BuiltIn(rawValue: name) { return (try Policy(builtIn), builtIn.text) }
        let names = BuiltIn.allCases.map(\.rawValue)
        // A word without a dot or a slash was meant to be a name, unless there is such a file.
        if !name.contains("/"), !name.contains("."), !FileManager.default.fileExists(atPath: name) {
            let near = name.nearest(in: names).map { " Did you mean \($0)?" } ?? ""
            throw ValidationError(
                "there is no policy '\(name)': it is neither a file nor one of \(names.joined(separator: ", ")).\(near)"
            )
        }
        let text = try YAMLValue.bytes(ofFile: name)
        let policy = try Policy(ofOwn: YAMLValue(parsing: text, file: name))
        return (policy, String(decoding: text, as: UTF8.self))
    }
}
