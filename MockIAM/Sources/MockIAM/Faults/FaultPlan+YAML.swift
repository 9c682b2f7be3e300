import StrictYAML

extension MockIAM.FaultPlan.Rule {
    enum Key: String, CaseIterable {
        case name, match, when, per
        case latency, throttle, error
        case expireToken = "expire_token"
        case refuse, reset, truncate
        case contentLength = "content_length"
        case drip, oversize, html, doctype, marker, vanish
        case clockSkew = "clock_skew"

        /// What is done to a request; the others tell to which.
        static let effects = allCases.drop { $0 != .latency }
    }

    init(_ value: YAMLValue) throws(YAMLError) {
        let rule = try value.mapping("a fault", keys: Key.self)
        self.init()
        name = try rule[.name]?.nonEmptyText()
        if let value = rule[.match] { match = try MockIAM.FaultPlan.Match(value) }
        if let value = rule[.when] { when = try MockIAM.FaultPlan.When(value) }
        if let value = rule[.per] { per = try value.choice(of: MockIAM.FaultPlan.Scope.self) }

        if let value = rule[.latency] { latency = try MockIAM.FaultPlan.Latency(value) }
        if let value = rule[.throttle] { throttle = try MockIAM.FaultPlan.Throttle(value) }
        if let value = rule[.error] { error = try MockIAM.FaultPlan.Failure(value) }
        expireToken = try rule[.expireToken]?.bool() ?? false
        refuse = try rule[.refuse]?.duration(in: .milliseconds(1)...(.seconds(86_400)))
        if let value = rule[.reset] { reset = try MockIAM.FaultPlan.Reset(value) }
        if let value = rule[.truncate] { truncate = try MockIAM.FaultPlan.Cut(value) }
        contentLength = try rule[.contentLength]?.difference()
        if let value = rule[.drip] { drip = try MockIAM.FaultPlan.Drip(value) }
        if let value = rule[.oversize] { oversize = try MockIAM.FaultPlan.Oversize(value) }
        if let value = rule[.html] { html = try MockIAM.FaultPlan.HTML(value) }
        if let value = rule[.doctype] { doctype = try MockIAM.FaultPlan.Doctype(value) }
        marker = try rule[.marker]?.choice(of: MockIAM.FaultPlan.Paging.self)
        if let value = rule[.vanish] { vanish = try MockIAM.FaultPlan.Vanishing(value) }
        clockSkew = try rule[.clockSkew]?.signedDuration()

        guard Key.effects.contains(where: { rule[$0] != nil && ($0 != .expireToken || expireToken) }) else {
            let names = Key.effects.map(\.rawValue).joined(separator: ", ")
            throw value.error("does nothing; a fault has at least one of \(names)")
        }
        try refuseWhatCannotShow(rule)
    }

    /// A fault that another one of the same rule hides is a mistake of whoever wrote it.
    private func refuseWhatCannotShow(_ rule: YAMLMapping<Key>) throws(YAMLError) {
        for (cause, what) in Self.hidden {
            // Within an answer, or after it, a reset leaves room for others.
            guard rule[cause] != nil, cause != .reset || reset == .before, cause != .expireToken || expireToken,
                let key = Key.effects.first(where: { what.contains($0) && rule[$0] != nil })
            else { continue }
            throw rule.value.error(
                "'\(key.rawValue)' can't show beside '\(cause.rawValue)', which leaves no answer for it")
        }
    }
}

extension MockIAM.FaultPlan.Rule {
    /// Which effects never show beside another one of the same rule, a reset before the answer among them. Credentials
    /// that expire do so whatever becomes of the answer: the next request by them shows it, if the rule doesn't hit that.
    static let hidden: [(by: Key, what: Set<Key>)] = {
        let ofAnswer: Set<Key> = [
            .throttle, .error, .truncate, .contentLength, .drip, .oversize, .html, .doctype, .marker, .vanish,
            .clockSkew,
        ]
        return [
            (.refuse, ofAnswer.union([.latency, .reset])),
            (.reset, ofAnswer),
            (.html, [.throttle, .error, .doctype, .marker, .vanish]),
            (.expireToken, [.throttle, .error, .marker, .vanish]),
            (.error, [.marker]),
        ]
    }()
}

extension YAMLValue {
    func nonEmptyText() throws(YAMLError) -> String {
        let text = try text()
        guard !text.isEmpty else { throw error(expected: "text") }
        return text
    }

    /// A number with a sign: `+100` or `-20`.
    fileprivate func difference() throws(YAMLError) -> Int {
        guard let number = (try? text()).flatMap({ Int($0) }), number != 0, number.magnitude <= 1 << 40
        else {
            throw error(expected: "a difference such as +100 or -20")
        }
        return number
    }

    /// A duration that a minus may stand before.
    fileprivate func signedDuration() throws(YAMLError) -> Duration {
        let text = (try? text()) ?? ""
        let isNegative = text.hasPrefix("-")
        guard let duration = Duration(spelled: isNegative || text.hasPrefix("+") ? String(text.dropFirst()) : text),
            duration != .zero
        else { throw error(expected: "a difference such as 10m or -90s") }
        return isNegative ? .zero - duration : duration
    }
}

extension Duration {
    /// To the millisecond, with a minus where it is negative.
    var signedSpelling: String {
        self < .zero ? "-" + (.zero - self).spelled : spelled
    }
}
