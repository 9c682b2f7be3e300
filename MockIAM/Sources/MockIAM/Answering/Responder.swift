import FoundationEssentials
import Logging
import Recording

/// Answers requests: the emulator without its network.
struct Responder: Sendable {
    let replay: Replay
    let clock: Date
    let journal: MockIAM.Journal
    let logger: Logger

    func answer(to request: HTTPRequest) -> Answer {
        do {
            let query = try QueryRequest(request)
            switch replay.next(for: query.key) {
            case .recorded(let answer, let sequence):
                journal.record(query.key, status: answer.status, outcome: .replayed(exchange: sequence))
                logger.debug("\(answer.status) \(query.key.description.printable()), exchange \(sequence)")
                return answer
            case .missing(let gap):
                return answer(to: query, missing: gap)
            }
        } catch {
            return refusal(error)
        }
    }

    /// Answers what isn't a request of the Query protocol at all.
    func refusal(_ error: AWSError) -> Answer {
        let number = journal.record(nil, status: error.status, outcome: .refused(code: error.code))
        logger.warning("\(error.status) \(error.code): \(error.message)")
        return Answer(error, requestID: RequestID.ownAnswer(number), clock: clock)
    }

    private func answer(to query: QueryRequest, missing gap: Replay.Gap) -> Answer {
        let request = query.key.description.printable()
        let nearest = gap == .unknown ? replay.nearest(to: query.key).map { $0.description.printable() } : []
        let message =
            switch gap {
            case .exhausted(let count): "All recorded answers (\(count)) to '\(request)' have been given."
            case .unanswered: "The recording holds '\(request)', but no answer to it arrived when it was recorded."
            case .unknown:
                "The recording has no answer to '\(request)'. "
                    + (nearest.isEmpty
                        ? "It knows the actions: \(replay.actions.joined(separator: ", "))."
                        : "Nearest: \(nearest.joined(separator: "; ")).")
            }
        let error = AWSError(status: 400, code: "MockIAM.NoRecordedAnswer", message: message, service: query.service)
        let number = journal.record(query.key, status: error.status, outcome: .unmatched(nearest: nearest))
        logger.warning("\(message)")
        return Answer(error, requestID: RequestID.ownAnswer(number), clock: clock)
    }
}
