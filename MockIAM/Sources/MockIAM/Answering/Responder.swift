import FoundationEssentials
import Logging
import NIOCore
import Recording

/// Answers requests: the emulator without its network.
struct Responder: Sendable {
    let content: CurrentContent
    let journal: MockIAM.Journal
    let authenticator: Authenticator
    let paging: Paging
    let faults: FaultEngine
    let options: MockIAM.Options
    let logger: Logger
    let lifecycle: Lifecycle
    private let told = ToldOnce()
    private let start = ContinuousClock.now

    /// - Throws: ``MockIAM/FixtureError`` for an answer that can't be sent.
    init(_ content: MockIAM.Content, options: MockIAM.Options) throws {
        self.content = try CurrentContent(content, options: options)
        journal = MockIAM.Journal()
        authenticator = Authenticator(mode: options.authentication, world: self.content.world)
        paging = Paging(markers: MarkerCodec(seed: options.seed), options: options.pages, seed: options.seed)
        faults = FaultEngine(options.faults)
        self.options = options
        logger = options.logger
        lifecycle = Lifecycle(endsWhenLeft: options.endsWhenLeft)
        warn(of: content)
        warn(of: options.faults)
    }

    /// Tells the log what is odd about what is served, once.
    func warn(of content: MockIAM.Content) {
        for warning in content.warnings where told.isFirst(warning) { logger.warning("\(warning)") }
    }

    /// Tells the log what is odd about the faults, once.
    func warn(of plan: MockIAM.FaultPlan) {
        let recorded = if case .recording(let replay) = content.source { replay.actions } else { [String]() }
        let served = Set(QueryOperation.all.values.map(\.name) + ServiceOperation.all.map(\.name) + recorded)
        for warning in plan.warnings(serving: served.sorted()) where told.isFirst(warning) {
            logger.warning("\(warning)")
        }
    }

    var world: World {
        content.world
    }

    /// The `Date` header of an answer that is sent now.
    var date: String {
        world.clock.httpDate()
    }

    /// The time since the server was started, which faults go by.
    var elapsed: Duration {
        .now - start
    }

    /// An answer, and what goes wrong with it on the way.
    struct Reply: Sendable {
        var answer: Answer
        var date: String
        /// Nil for an answer that simply is sent.
        var faults: FaultDecision?
    }

    /// Reads its files again. Unless all of them are good, nothing changes. What is the same goes on where it is: nobody's
    /// session ends because a fault was added.
    func reload() throws {
        guard let (newContent, plan) = try options.reload?(content.instantOfSpans) else { return }
        try content.replaceIfOther(newContent)
        warn(of: newContent)
        if let plan, plan != faults.plan {
            faults.replace(plan, at: elapsed)
            warn(of: plan)
        }
        logger.info("reloaded: \(content.summary)")
    }

    /// What was made of a request, for the journal.
    struct Verdict {
        var answer: Answer
        var outcome: MockIAM.Journal.Outcome
        /// Who asked; nil where the request doesn't tell, or wasn't looked at so closely.
        var caller: Authenticator.Caller?
        /// What the log says of it besides, such as why there is no answer.
        var note: String?
        /// What the log warns of once, however often it comes: where the emulator is less than AWS.
        var warning: String?
    }

    func reply(to request: HTTPRequest) -> Reply {
        if options.hasControl, let answer = Control(responder: self).answer(to: request) {
            return Reply(answer: answer, date: date)
        }
        if let operation = ServiceOperation.matching(request) { return reply(to: request, operation) }
        do throws(AWSError) {
            let query = try QueryRequest(request)
            return reply(to: request, asked: Asked(number: journal.begin(), key: query.key, service: query.service)) {
                var verdict = verdict(query, request, $0, $1)
                if query.service == .sts, request.acceptsJSON, case .accounts = content.source {
                    verdict.answer = verdict.answer.inJSON(requestID: $0.requestID)
                }
                return verdict
            }
        } catch {
            return Reply(answer: refusal(error), date: date)
        }
    }

    /// Answers what isn't a request of an AWS protocol at all.
    func refusal(_ error: AWSError) -> Answer {
        let number = journal.begin()
        journal.record(
            MockIAM.Journal.Entry(
                number: number, request: nil, status: error.status, outcome: .refused(code: error.code)))
        logger.warning("\(error.status) \(error.summary.printable())")
        return Answer(error, requestID: RequestID.ownAnswer(number))
    }

    /// Answers a request that was understood, with whatever the faults do to it, and enters it into the journal.
    ///
    /// - Parameter verdict: answers it without faults, but by a clock that may be wrong.
    func reply(
        to request: HTTPRequest, asked: Asked, verdict: (_ asked: Asked, _ variation: Variation) -> Verdict
    ) -> Reply {
        guard !faults.isIdle else {
            let verdict = verdict(asked, Variation())
            record(asked, verdict)
            return Reply(answer: verdict.answer, date: date)
        }
        let claimed = request.claimedAccessKeyID
        let identity = claimed.flatMap(world.signer)?.identity ?? world.defaultIdentity
        let account = identity.accountID
        let parameters = Dictionary(asked.key.parameters.map { ($0.name, $0.value) }) { first, _ in first }
        let decision = faults.decide(
            FaultQuery(
                action: asked.key.action, parameters: parameters, account: account, accessKeyID: claimed,
                caller: identity.arn, service: asked.service), at: elapsed)
        var result =
            switch decision.replacement {
            case .error(let error):
                Verdict(
                    answer: asked.errors.answer(error, requestID: asked.requestID), outcome: .faulted,
                    note: "\(error.code)")
            case .page(let page): verdict(asked, Variation(skew: decision.clockSkew, page: page))
            case nil: verdict(asked, Variation(skew: decision.clockSkew))
            }
        let names = faults.alter(&result.answer, by: decision)
        if let duration = decision.refusal { lifecycle.refuse(for: duration) }
        record(asked, result, accessKeyID: claimed, account: account, faults: names)
        return Reply(
            answer: result.answer, date: world.clock.httpDate(skew: decision.clockSkew),
            faults: decision.isEmpty ? nil : decision)
    }

    private func record(
        _ asked: Asked, _ verdict: Verdict, accessKeyID: String? = nil, account: String? = nil, faults: [String] = []
    ) {
        let entry = MockIAM.Journal.Entry(
            number: asked.number, request: asked.key.withoutSecrets,
            account: verdict.caller?.identity.accountID ?? account,
            accessKeyID: verdict.caller?.accessKeyID ?? accessKeyID, status: verdict.answer.status,
            outcome: verdict.outcome, faults: faults)
        journal.record(entry)
        let line = { "\(entry)\(verdict.note.map { ": " + $0.printable(limit: 1000) } ?? "")" }
        switch verdict.outcome {
        case .unmatched where verdict.warning == nil, .refused: logger.warning("\(line())")
        case .answered, .failed, .replayed, .faulted, .unmatched: logger.debug("\(line())")
        }
        if let warning = verdict.warning, told.isFirst(warning) { logger.warning("\(warning)") }
    }
}

extension Responder {
    /// What the faults change of how a request is answered.
    struct Variation {
        /// Seconds by which the emulator's clock is to be wrong.
        var skew: TimeInterval = 0
        /// A page of a list that was given before, for who may ask for that list.
        var page: ByteBuffer?
    }

    /// A request that was understood: its number, and what it asks for.
    struct Asked {
        let number: Int
        let key: RequestKey
        let service: Service
        /// How its service writes errors.
        var errors = ErrorForm.query

        var requestID: String {
            RequestID.ownAnswer(number)
        }
    }
}
