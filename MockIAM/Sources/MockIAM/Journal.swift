import Recording
import Synchronization

extension MockIAM {
    /// What a server was asked and what it answered, for a test to look at afterwards.
    ///
    ///     #expect(server.journal.counts == ["ListUsers": 3, "ListAccessKeys": 25])
    ///     #expect(server.journal.unmatched.isEmpty)
    public final class Journal: Sendable {
        private struct State {
            var served = 0
            var counts: [String: Int] = [:]
            var entries: [Entry] = []
        }

        /// A server may run for weeks, so the journal keeps so many requests in full, and forgets the older half beyond
        /// that. The counts stay right.
        static let capacity = 100_000

        private let state = Mutex(State())

        init() {}

        /// Every request in the order in which they were answered; the last 50,000 at least.
        public var entries: [Entry] {
            state.withLock(\.entries)
        }

        /// The requests of the Query protocol that had no recorded answer.
        public var unmatched: [Entry] {
            entries.filter(\.isUnmatched)
        }

        /// How often each action was asked for, whatever the answer.
        public var counts: [String: Int] {
            state.withLock(\.counts)
        }

        /// How many requests were answered.
        public var served: Int {
            state.withLock(\.served)
        }

        /// Enters a request and numbers it, from 1.
        @discardableResult
        func record(_ request: RequestKey?, status: Int, outcome: Outcome) -> Int {
            state.withLock { state in
                state.served += 1
                if let request { state.counts[request.action, default: 0] += 1 }
                if state.entries.count == Self.capacity { state.entries.removeFirst(Self.capacity / 2) }
                state.entries.append(
                    Entry(number: state.served, request: request, status: status, outcome: outcome)
                )
                return state.served
            }
        }
    }
}
