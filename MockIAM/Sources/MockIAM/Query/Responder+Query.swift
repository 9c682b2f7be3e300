import FoundationEssentials
import NIOCore
import Recording

extension Responder {
    /// Answers a request of the Query protocol.
    func verdict(
        _ query: QueryRequest, _ request: HTTPRequest, _ asked: Asked, _ variation: Variation
    ) -> Verdict {
        // AWS looks whether there is such an operation before it looks who asks [live].
        if case .accounts = content.source, !query.isForOperationOfAWS {
            let error = AWSError.invalidAction(query)
            return failure(error, asked, .failed(code: error.code))
        }
        let operation = QueryOperation.all["\(query.service.rawValue):\(query.key.action)"]
        let caller: Authenticator.Caller
        do throws(AWSError) {
            caller =
                operation?.isSigned == false
                ? authenticator.anonymous()
                : try authenticator.caller(of: request, for: query.service, skew: variation.skew)
        } catch {
            var verdict = failure(error, asked, .refused(code: error.code))
            verdict.warning = authenticator.advice(on: request, for: query.service)
            return verdict
        }
        func success(_ document: ByteBuffer, _ outcome: MockIAM.Journal.Outcome) -> Verdict {
            let answer = Answer(
                status: 200, type: "text/xml", requestID: asked.requestID, of: query.service, body: document)
            return Verdict(answer: answer, outcome: outcome, caller: caller)
        }
        switch content.source {
        case .recording(let replay):
            if let page = variation.page { return success(page, .faulted) }
            return replayed(replay, asked.key, asked, caller)
        case .accounts:
            guard let operation else { return notServed(query, asked, caller) }
            do throws(AWSError) {
                var call = try call(of: operation, query, caller, at: world.clock.now + variation.skew)
                if let page = variation.page {
                    try call.authorize()
                    return success(page, .faulted)
                }
                var verdict = success(try document(of: &call, requestID: asked.requestID), .answered)
                verdict.warning = call.warning
                return verdict
            } catch {
                var error = error
                error.service = query.service
                return failure(error, asked, .failed(code: error.code), caller)
            }
        }
    }

    private func failure(
        _ error: AWSError, _ asked: Asked, _ outcome: MockIAM.Journal.Outcome, _ caller: Authenticator.Caller? = nil
    ) -> Verdict {
        Verdict(
            answer: Answer(error, requestID: asked.requestID), outcome: outcome, caller: caller,
            note: error.summary)
    }

    // MARK: From an account

    /// AWS would answer; the emulator says what AWS says of an operation that isn't there. Most clients go on after that
    /// as after any denial, so journal and log say it, too.
    private func notServed(_ query: QueryRequest, _ asked: Asked, _ caller: Authenticator.Caller) -> Verdict {
        let error = AWSError.invalidAction(query)
        return Verdict(
            answer: Answer(error, requestID: asked.requestID), outcome: .unmatched(nearest: []), caller: caller,
            note: error.summary,
            warning:
                "\(query.key.action) is one of AWS's operations that mock-iam doesn't have: it serves what reads users "
                + "and their credentials, and changes nothing; see \"Operations\" in docs/mock-iam.md")
    }

    /// A call of an operation that is there.
    private func call(
        of operation: QueryOperation, _ query: QueryRequest, _ caller: Authenticator.Caller, at now: Date
    ) throws(AWSError) -> QueryCall {
        let identity = caller.identity
        guard let account = world.account(identity.accountID) else {
            // Its credentials were made for accounts that are no longer served.
            throw .unknownKey
        }
        return QueryCall(
            operation: operation, request: query.key, account: account, identity: identity, now: now,
            callerNow: caller.now, world: world, paging: paging,
            parameters: Parameters(query.key.parameters, of: query.service))
    }

    /// The whole document, written into one buffer: that of a large account is too large to be copied.
    private func document(of call: inout QueryCall, requestID: String) throws(AWSError) -> ByteBuffer {
        let action = call.operation.name
        var result = ResultXML(
            opening: "<\(action)Response xmlns=\"\(call.operation.service.namespace)\"><\(action)Result>",
            shuffle: options.variesElementOrder ? options.seed ^ call.request.stableHash : nil)
        try call.operation.body(&call, &result)
        return result.finish(
            closing: "</\(action)Result><ResponseMetadata><RequestId>\(requestID)</RequestId></ResponseMetadata>"
                + "</\(action)Response>")
    }

    // MARK: From a recording

    /// - Parameter key: what the recording knows the request by.
    func replayed(_ replay: Replay, _ key: RequestKey, _ asked: Asked, _ caller: Authenticator.Caller) -> Verdict {
        switch replay.next(for: key) {
        case .recorded(let answer, let sequence):
            return Verdict(answer: answer, outcome: .replayed(exchange: sequence), caller: caller)
        case .missing(let gap):
            let (message, nearest) = replay.explanation(of: gap, for: key.withoutSecrets)
            let error = AWSError(
                status: 400, code: "MockIAM.NoRecordedAnswer", message: message, service: asked.service)
            return Verdict(
                answer: asked.errors.answer(error, requestID: asked.requestID), outcome: .unmatched(nearest: nearest),
                caller: caller, note: message)
        }
    }
}

extension AWSError {
    fileprivate static func invalidAction(_ query: QueryRequest) -> AWSError {
        AWSError(
            status: 400, code: "InvalidAction",
            message: "Could not find operation \(query.key.action.printable()) for version "
                + (query.version ?? "NO_VERSION_SPECIFIED").printable(), service: query.service)
    }
}

extension Replay {
    /// Why there is no answer, in words, and the recorded requests that are most like it.
    fileprivate func explanation(of gap: Gap, for key: RequestKey) -> (message: String, nearest: [String]) {
        let request = key.description.printable()
        let nearest = gap == .unknown ? self.nearest(to: key).map { $0.description.printable() } : []
        let message =
            switch gap {
            case .exhausted(let count): "All recorded answers (\(count)) to '\(request)' have been given."
            case .unanswered: "The recording holds '\(request)', but no answer to it arrived when it was recorded."
            case .unknown:
                "The recording has no answer to '\(request)'. "
                    + (nearest.isEmpty
                        ? "It knows the actions: \(actions.joined(separator: ", "))."
                        : "Nearest: \(nearest.joined(separator: "; ")).")
            }
        return (message, nearest)
    }
}

extension RequestKey {
    /// As the journal and the log may show it: without what proves who somebody is, also to others than this emulator.
    ///
    /// An external id isn't a secret (IAM User Guide, "Access to AWS accounts owned by third parties"), and six digits of an
    /// MFA device are good once: whoever tests a client looks for them.
    var withoutSecrets: RequestKey {
        let secrets: Set = ["SAMLAssertion", "WebIdentityToken"]
        guard parameters.contains(where: { secrets.contains($0.name) }) else { return self }
        var key = self
        for index in parameters.indices where secrets.contains(parameters[index].name) {
            key.parameters[index].value = Scrubber.redacted
        }
        return key
    }

    /// The same in every run, unlike `hashValue`.
    var stableHash: UInt64 {
        description.stableHash
    }
}
