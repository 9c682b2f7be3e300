import AWSClient
import FoundationEssentials
import PlainText
import Recording
import Synchronization

/// Answers requests from a recording, each exchange once, in the order in which they were made.
///
/// Two users who had one name may have been asked for by the same request side by side, and one of the two calls have been
/// made again: what a call got, attempt after attempt, stays together.
final class ReplayTransport: Transport {
    private struct State {
        /// For each request the calls that are still to come, the last one first.
        var waiting: [RequestKey: [ArraySlice<Exchange>]] = [:]
        /// For each request what is still to come of calls that have begun.
        var begun: [RequestKey: [ArraySlice<Exchange>]] = [:]
        /// For each request the exchange that was served last.
        var served: [RequestKey: Exchange] = [:]
        var now: Date
        var missing: Set<String> = []

        /// Takes out what comes next.
        mutating func next(_ key: RequestKey, attempt: Int) -> Exchange? {
            var call: ArraySlice<Exchange>
            if let place = begun[key]?.firstIndex(where: { $0.first?.attempt == attempt }) {
                call = begun[key]?.remove(at: place) ?? []
            } else if waiting[key]?.last?.first?.attempt == attempt {
                call = waiting[key]?.removeLast() ?? []
            } else {
                return nil
            }
            let next = call.popFirst()
            if !call.isEmpty { begun[key, default: []].append(call) }
            return next
        }
    }

    private let state: Mutex<State>
    private let isWhole: Bool

    /// - Parameter isWhole: whether the run was stopped by nothing before its end. Of one that was, what the recording
    ///   has no answer to wasn't asked.
    init(_ exchanges: [Exchange], isWhole: Bool) {
        self.isWhole = isWhole
        var state = State(now: exchanges.first?.started ?? Date(timeIntervalSince1970: 0))
        var calls: [RequestKey: RecordedCalls] = [:]
        for exchange in exchanges {
            // One that asks for nothing is a flaw of the recording, which RecordingChecks names.
            guard let key = RequestKey(formBody: exchange.request.body) else { continue }
            calls[key, default: RecordedCalls()].add(exchange)
        }
        state.waiting = calls.mapValues { $0.calls.reversed() }
        self.state = Mutex(state)
    }

    /// When the request was made that was answered last.
    var now: Date { state.withLock { $0.now } }

    /// The requests that the recording has no answer to.
    var missing: [String] { state.withLock { $0.missing.sorted() } }

    /// The exchanges that nobody asked for, by `_seq`.
    var unused: [Int] {
        state.withLock { state in
            [state.waiting, state.begun].flatMap { $0.values.joined().joined() }.map(\.sequence).sorted()
        }
    }

    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        let found: Exchange? = state.withLock { state in
            guard let key = RequestKey(formBody: request.body) else { return nil }
            if let next = state.next(key, attempt: call.attempt) {
                state.served[key] = next
                state.now = max(state.now, next.started)
                return next
            }
            // Whoever made the recording gave up after fewer attempts: it failed as it did the last time.
            if call.attempt > 1 { return state.served[key] }
            if isWhole { state.missing.insert("\(key)") }
            return nil
        }
        guard let found else {
            guard isWhole else { throw .cancelled }
            throw TransportError(.refused, reason: "the recording has no answer to \(call.operation)")
        }
        var receipt = Receipt(number: found.sequence, sent: found.started)
        // Only of a refusal does anybody want to know.
        if found.hasFailed { receipt.signed = found.signed }
        switch found.outcome {
        case .noAnswer(let reason): throw TransportError(recorded: reason, receipt: receipt)
        case .answer(let response):
            return HTTPResponse(
                status: response.status, headers: response.headers.map { HTTPHeader(name: $0.name, value: $0.value) },
                body: response.body, receipt: receipt)
        }
    }
}

/// The calls of one request, each with its attempts.
private struct RecordedCalls {
    private(set) var calls: [ArraySlice<Exchange>] = []
    /// The calls that the next attempt of a number may belong to, in their order: of those that failed, and of others.
    private var open: [Int: (failed: ArraySlice<Int>, others: ArraySlice<Int>)] = [:]

    mutating func add(_ exchange: Exchange) {
        // One that failed, rather: an answer that couldn't be read may have been asked for again as well.
        let place = open[exchange.attempt]?.failed.popFirst() ?? open[exchange.attempt]?.others.popFirst()
        if let place { calls[place].append(exchange) } else { calls.append([exchange]) }
        if exchange.hasFailed {
            open[exchange.attempt + 1, default: ([], [])].failed.append(place ?? calls.count - 1)
        } else {
            open[exchange.attempt + 1, default: ([], [])].others.append(place ?? calls.count - 1)
        }
    }
}

extension TransportError {
    /// As a recording has it: kind and reason.
    init(recorded text: String, receipt: Receipt) {
        let parts = text.split(separator: ":", maxSplits: 1)
        let kind = parts.first.flatMap { Kind(rawValue: String($0)) } ?? .interrupted
        self.init(
            kind, reason: parts.count == 2 ? String(parts[1].drop { $0 == " " }) : text, receipt: receipt)
    }
}

extension Exchange {
    /// Whether the call was perhaps made again for it.
    fileprivate var hasFailed: Bool { response.map { !$0.isSuccess } ?? true }

    /// The date that it was signed for: `20261122T204500Z`.
    fileprivate var signed: Date? {
        request.headers.first { $0.name.isSameIgnoringASCIICase(as: "x-amz-date") }.flatMap { Date(amzDate: $0.value) }
    }
}
