import StrictYAML

extension MockIAM.FaultPlan.Match {
    private enum Key: String, CaseIterable {
        case action, account
        case accessKey = "access_key"
        case parameters
    }

    init(_ value: YAMLValue) throws(YAMLError) {
        let match = try value.mapping("a match", keys: Key.self)
        self.init()
        if let value = match[.action] { action = try MockIAM.FaultPlan.Pattern(value) }
        if let value = match[.account] { account = try MockIAM.FaultPlan.Pattern(value) }
        if let value = match[.accessKey] { accessKey = try MockIAM.FaultPlan.Pattern(value) }
        for (name, value) in try match[.parameters]?.entries() ?? [] {
            parameters[name] = try MockIAM.FaultPlan.Pattern(value)
        }
    }
}

extension MockIAM.FaultPlan.Pattern {
    init(_ value: YAMLValue) throws(YAMLError) {
        guard value.form == .sequence else {
            self.init([try value.nonEmptyText()])
            return
        }
        self.init([])
        for item in try value.items() { alternatives.append(try item.nonEmptyText()) }
        if alternatives.isEmpty { throw value.error(expected: "a pattern such as ci-*, or a list of them") }
    }
}

extension MockIAM.FaultPlan.When {
    private enum Key: String, CaseIterable {
        case calls, from, to, after, every, probability, times, during
    }

    init(_ value: YAMLValue) throws(YAMLError) {
        let when = try value.mapping("a condition", keys: Key.self)
        self.init()
        if let value = when[.calls] {
            var numbers: [Int] = []
            for item in try value.items() { numbers.append(try item.integer(in: 1...Int.max)) }
            guard !numbers.isEmpty else { throw value.error(expected: "a list of numbers such as [3, 4]") }
            calls = numbers
        }
        from = try when[.from]?.integer(in: 1...Int.max)
        to = try when[.to]?.integer(in: (from ?? 1)...Int.max)
        after = try when[.after]?.integer(in: 0...Int.max)
        every = try when[.every]?.integer(in: 1...Int.max)
        probability = try when[.probability]?.number(in: 0...1)
        times = try when[.times]?.integer(in: 1...Int.max)
        if let value = when[.during] { during = try Range(span: value) }
    }
}

private enum SpanKey: String, CaseIterable {
    case from, to
}

extension Range<Duration> {
    fileprivate init(span value: YAMLValue) throws(YAMLError) {
        let span = try value.mapping("a span of time", keys: SpanKey.self)
        let from = try span[.from]?.duration() ?? .zero
        let to = try span.required(.to).duration()
        guard from < to else { throw value.error("ends before it begins") }
        self = from..<to
    }
}
