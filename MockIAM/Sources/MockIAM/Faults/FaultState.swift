import FoundationEssentials

/// A plan and how far it has come.
struct FaultState {
    let plan: MockIAM.FaultPlan
    var pages = KeptPages()
    private let start: Duration
    private var counts: [FaultCounts]
    /// By access key id, the rule that expired the credentials.
    private var expired: [String: Int] = [:]

    init(_ plan: MockIAM.FaultPlan, at start: Duration) {
        self.plan = plan
        self.start = start
        counts = plan.rules.map { _ in FaultCounts() }
    }

    mutating func decide(_ query: FaultQuery, at elapsed: Duration) -> FaultDecision {
        var decision = FaultDecision()
        if let rule = query.accessKeyID.flatMap({ expired[$0] }) {
            decision.replacement = .error(AWSError(.code("ExpiredToken"), query.service))
            decision.hits.append(FaultDecision.Hit(rule: rule, name: plan.name(of: rule), isCertain: true))
        }
        for index in plan.rules.indices where plan.rules[index].match.matches(query) {
            consult(index, query, at: elapsed - start, &decision)
        }
        if decision.replacement == nil, let page = query.place.flatMap({ pages[$0] }) {
            decision.replacement = .page(page)
        }
        return decision
    }

    /// Lets a rule that matches count the request, and hit it or not.
    private mutating func consult(
        _ index: Int, _ query: FaultQuery, at elapsed: Duration, _ decision: inout FaultDecision
    ) {
        let rule = plan.rules[index]
        let scope = query.key(of: rule.per)
        let draws = Draws(seed: plan.seed, rule: plan.name(of: index), scope: scope)
        var count = counts[index][scope]
        defer { counts[index][scope] = count }

        count.calls += 1
        let draw = draws.unit(count.calls, for: .probability)
        guard rule.when.includes(count.calls, draw: draw, at: elapsed) else { return }
        count.hits += 1
        if let times = rule.when.times, count.hits > times { return }

        var hit = FaultDecision.Hit(rule: index, name: plan.name(of: index))
        if let error = replacement(by: rule, index, query, &count, at: elapsed) {
            if decision.replacement == nil {
                decision.replacement = .error(error)
                hit.isCertain = true
            }
        }
        hit.isCertain = decision.add(rule, jitter: draws.unit(count.calls, for: .jitter)) || hit.isCertain
        let mayMatter = decision.addBodyFaults(of: rule, index, query, &pages)
        if hit.isCertain || mayMatter { decision.hits.append(hit) }
    }

    /// The error that a rule answers with: expired credentials before a rate, and both before who is gone.
    private mutating func replacement(
        by rule: MockIAM.FaultPlan.Rule, _ index: Int, _ query: FaultQuery, _ count: inout FaultCounts.Count,
        at elapsed: Duration
    ) -> AWSError? {
        if rule.expireToken {
            if let id = query.accessKeyID { expired[id] = expired[id] ?? index }
            return AWSError(.code("ExpiredToken"), query.service)
        }
        if let limit = rule.throttle {
            var bucket = count.bucket ?? TokenBucket(limit, at: elapsed)
            defer { count.bucket = bucket }
            if !bucket.admits(limit, at: elapsed) { return AWSError(limit.error, query.service) }
        }
        return rule.vanish?.error(for: query) ?? rule.error.map { AWSError($0, query.service) }
    }
}

extension FaultDecision {
    /// Adds what a rule does whatever the answer is.
    ///
    /// - Returns: whether it does anything that no rule before it has done already.
    fileprivate mutating func add(_ rule: MockIAM.FaultPlan.Rule, jitter: Double) -> Bool {
        let before = self
        if let latency = rule.latency { wire.latency += latency.fixed + latency.jitter * jitter }
        refusal = refusal ?? rule.refuse
        if clockSkew == 0 { clockSkew = rule.clockSkew?.seconds ?? 0 }
        body.html = body.html ?? rule.html
        wire.oversize = wire.oversize ?? rule.oversize
        wire.truncate = wire.truncate ?? rule.truncate
        wire.contentLength = wire.contentLength ?? rule.contentLength
        wire.drip = wire.drip ?? rule.drip
        wire.reset = wire.reset ?? rule.reset
        return self != before
    }

    /// Adds what a rule does to answers of a certain form.
    ///
    /// - Returns: whether the answer may be changed by it.
    fileprivate mutating func addBodyFaults(
        of rule: MockIAM.FaultPlan.Rule, _ index: Int, _ query: FaultQuery, _ pages: inout KeptPages
    ) -> Bool {
        let before = body
        if let vanish = rule.vanish, vanish.fromLists {
            body.absences.append(BodyFaults.Absence(who: vanish, rule: index))
        }
        if let doctype = rule.doctype, body.declaration == nil {
            body.declaration = BodyFaults.Declaration(doctype: doctype, rule: index)
        }
        if let kind = rule.marker, body.page == nil {
            let asked = query.place.flatMap { pages[$0] == nil ? nil : $0 }
            // The second time, the page is to come as it is.
            if asked == nil || kind == .loop || kind == .missing {
                body.page = BodyFaults.PageFault(
                    kind: kind, place: asked ?? query.place(pages.newMarker()), rule: index)
            }
        }
        return body != before
    }
}

extension MockIAM.FaultPlan.Vanishing {
    /// What a call gets that names somebody who is gone; the wording is AWS's.
    fileprivate func error(for query: FaultQuery) -> AWSError? {
        if let name = query.parameters["UserName"], let user, user.matches(name) {
            return AWSError(
                status: 404, code: "NoSuchEntity", message: "The user with name \(name) cannot be found.",
                service: query.service)
        }
        // STS tells the account of a key that was deleted, too.
        if query.service == .iam, let id = query.parameters["AccessKeyId"], let accessKey, accessKey.matches(id) {
            return .noKeyOfTheAccount(id, askedBy: query.caller)
        }
        return nil
    }
}

extension AWSError {
    fileprivate init(_ failure: MockIAM.FaultPlan.Failure, _ service: Service) {
        let message = failure.message.isEmpty ? nil : failure.message
        self.init(status: failure.status, code: failure.code, message: message, service: service)
    }
}
