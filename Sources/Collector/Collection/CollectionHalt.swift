import AWSClient
import Evidence
import Synchronization

/// Remembers that going on is useless: credentials that expired in mid-scan fail every further call, each after its own
/// round trip, and so does an endpoint that has fallen silent, each after its own time.
final class CollectionHalt: Sendable {
    /// After so long without any answer but that calls come too fast nothing more is asked: each call would wait for its own
    /// time, and a large account has very many. The calls have waited for an outage to pass by then.
    static let longestSilence = Duration.seconds(300)
    /// So many calls have come to nothing since: one alone may be the reason itself.
    static let leastUnanswered = 5

    private struct Silence {
        /// When anything was answered last, or the first call was made.
        var began: Duration
        var calls = 0
    }

    private let cause = Mutex<AWSError?>(nil)
    private let silence: Mutex<Silence>
    private let uptime: @Sendable () -> Duration
    /// Nil where nothing stopped the run that is done again, or none is.
    private let replayed: AWSError?

    /// - Parameter cause: what stopped the run that is done again from its recording. Which calls it still made then
    ///   depended on the moment: those that are in the recording are made, and every other one fails with this cause.
    init(replaying cause: AWSError?) {
        replayed = cause
        uptime = { .zero }
        silence = Mutex(Silence(began: .zero))
    }

    /// - Parameter uptime: the time since any fixed instant.
    init(uptime: @escaping @Sendable () -> Duration) {
        replayed = nil
        self.uptime = uptime
        silence = Mutex(Silence(began: uptime()))
    }

    /// Takes notice of an answer.
    func noteAnswer() {
        silence.withLock { $0 = Silence(began: uptime()) }
    }

    /// Whether calls are worth making no more.
    var isHalted: Bool { cause.withLock { $0 != nil } }

    /// What a call ends with that isn't made any more; nil while calls are worth making.
    ///
    /// Where AWS's answer to another call made it useless, that one. What no answer says (an interruption, or that
    /// credentials can't be had) is said of the call itself, so that it doesn't depend on which came first.
    func error(insteadOf operation: String) -> AWSError? {
        cause.withLock { $0 }.map { $0.instead(of: operation) }
    }

    /// ``error(insteadOf:)``, before a call is made.
    func stop(_ operation: String) -> AWSError? {
        replayed == nil ? error(insteadOf: operation) : nil
    }

    /// Takes notice of how a call failed.
    ///
    /// - Returns: the error to report: the cause that had stopped the run that is done again, if that run never made this
    ///   call; else `error`.
    func settle(_ error: AWSError) -> AWSError {
        guard error.isHopeless else {
            if let silence = endOfPatience(after: error) { cause.withLock { $0 = $0 ?? silence } }
            return error
        }
        cause.withLock { $0 = $0 ?? replayed ?? error }
        if let replayed, error.isOfNoExchange { return replayed.instead(of: error.operation) }
        return error
    }

    /// Why nothing more is asked, where nothing has been answered for so long.
    private func endOfPatience(after error: AWSError) -> AWSError? {
        guard error.isUnanswered || error.isThrottling else {
            noteAnswer()
            return nil
        }
        let (calls, time) = silence.withLock { silence in
            silence.calls += 1
            return (silence.calls, uptime() - silence.began)
        }
        guard calls >= Self.leastUnanswered, time >= Self.longestSilence else { return nil }
        var cause = error
        cause.reason = .transport(
            TransportError(
                .unreachable,
                reason:
                    "nothing was answered for \(time.components.seconds / 60) minutes; the last: \(error.shortReason)"))
        cause.receipt = nil
        return cause
    }
}

extension AWSError {
    /// In a few words.
    fileprivate var shortReason: String {
        switch reason {
        case .transport(let error): "\(error)"
        case .service(let code, _, let status): "\(code) (HTTP \(status))"
        case .unreadable(_, let status): "HTTP \(status)"
        case .pagination(let problem): problem
        case .credentials(let error): "\(error)"
        }
    }

    fileprivate var isHopeless: Bool {
        switch reason {
        case .service(let code, _, _): AWSErrorCode(rawValue: code).isOfCredentials
        // After its retries: nothing listens there any more.
        case .transport(let error): error.kind == .unreachable || isCancellation
        case .unreadable, .pagination: false
        case .credentials: true
        }
    }

    /// Whether it was cancelled before there was anything to be recorded.
    fileprivate var isOfNoExchange: Bool { isCancellation && receipt == nil }

    fileprivate func instead(of operation: String) -> AWSError {
        guard receipt == nil || isCancellation else { return self }
        var error = self
        error.operation = operation
        error.receipt = nil
        return error
    }
}

extension ReadFailure {
    /// Whether it says of a call what ``AWSError/isHopeless`` says of its error.
    fileprivate var isHopeless: Bool {
        switch code {
        case .interrupted, .credentials, .unreachable: true
        default: AWSErrorCode(rawValue: code.rawValue).isOfCredentials
        }
    }
}

extension AccountSnapshot {
    /// What stopped the run before its end, as it was reported; nil where nothing did.
    var halt: ReadFailure? {
        // Every stop is a failure of the population: somebody may have been left out.
        let stops = failures.filter { $0.subject == .account && $0.fact == .population && $0.isHopeless }
        // Beside it the population's own call may have failed, in its own way.
        let population =
            source == .report ? [GenerateCredentialReport.name, GetCredentialReport.name] : [ListUsers.name]
        return stops.first { !population.contains($0.operation) } ?? stops.first
    }
}
