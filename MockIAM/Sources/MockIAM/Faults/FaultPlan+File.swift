import StrictYAML

extension MockIAM {
    /// A faults file that can't be used, and why.
    public struct FaultPlanError: Error, CustomStringConvertible, Sendable, Equatable {
        /// The file, as it was given.
        public let file: String
        /// Counted from 1; nil where no line is to blame.
        public let line: Int?
        /// `faults.yaml:7: faults[0].when.every: expected a whole number of at least 1, found '0'`
        public let description: String

        init(_ error: YAMLError) {
            file = error.file
            line = error.line
            description = error.description
        }
    }
}

extension MockIAM.FaultPlan {
    /// Reads a faults file, in YAML or JSON.
    ///
    ///     seed: 7
    ///     faults:
    ///       - match: {action: List*}
    ///         when: {every: 10}
    ///         error: 503
    public init(path: String) throws(MockIAM.FaultPlanError) {
        do {
            try self.init(YAMLValue(contentsOf: path))
        } catch {
            throw MockIAM.FaultPlanError(error)
        }
    }

    /// Reads a faults file's text, in YAML or JSON.
    ///
    /// - Parameter file: what an error calls it.
    public init(parsing text: String, file: String = "faults") throws(MockIAM.FaultPlanError) {
        do {
            try self.init(YAMLValue(parsing: text, file: file))
        } catch {
            throw MockIAM.FaultPlanError(error)
        }
    }

    private enum Key: String, CaseIterable {
        case seed, faults
    }

    init(_ value: YAMLValue) throws(YAMLError) {
        if try value.has(oneOf: ["account", "accounts"]) {
            throw value.error(
                "this is an account file, which --account and PUT /_mock/state take; a faults file has the key 'faults'"
            )
        }
        let plan = try value.mapping("a faults file", keys: Key.self)
        self.init(seed: try plan[.seed]?.integer() ?? 0)
        for rule in try plan.required(.faults).items() {
            rules.append(try Rule(rule))
            guard let name = rules.last?.name, rules.dropLast().contains(where: { $0.name == name }) else { continue }
            throw rule.error("another fault has the name '\(name.printable())'")
        }
    }
}
