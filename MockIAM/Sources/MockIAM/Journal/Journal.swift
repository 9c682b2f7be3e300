import Recording
import Synchronization

extension MockIAM {
    /// What a server was asked and what it answered, for a test to look at afterwards.
    ///
    ///     #expect(server.journal.counts == ["ListUsers": 3, "ListAccessKeys": 25])
    ///     #expect(server.journal.unmatched.isEmpty)
    public final class Journal: Sendable {
        private struct State {
            var begun = 0
            var served = 0
            var counts: [String: Int] = [:]
            var entries: [Entry] = []
            /// How many bytes the entries take up, about.
            var size = 0

            mutating func forgetOlderHalf() {
                let older = entries.prefix(max(1, entries.count / 2))
                size -= older.reduce(0) { $0 + $1.size }
                entries.removeFirst(older.count)
            }
        }

        /// How many requests the journal keeps in full. A server may run for weeks: beyond this number the older half is
        /// forgotten. The counts stay right.
        static let capacity = 50_000
        /// How many bytes the kept requests may take up. A client can make each of them 128 KiB long.
        static let sizeLimit = 64 << 20
        /// How many different actions are counted. AWS's IAM has fewer than 200, but a client can send any name.
        static let actionLimit = 10_000

        private let state = Mutex(State())

        init() {}

        /// Every request in the order in which they were answered; the last 25,000 at least, unless they are very long.
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

        /// The number of a request that is being answered, from 1.
        func begin() -> Int {
            state.withLock { state in
                state.begun += 1
                return state.begun
            }
        }

        func record(_ entry: Entry) {
            state.withLock { state in
                state.served += 1
                if let action = entry.action?.prefix(200).description,
                    state.counts[action] != nil || state.counts.count < Self.actionLimit
                {
                    state.counts[action, default: 0] += 1
                }
                if state.entries.count == Self.capacity { state.forgetOlderHalf() }
                state.entries.append(entry)
                state.size += entry.size
                while state.size > Self.sizeLimit { state.forgetOlderHalf() }
            }
        }

        /// Forgets everything, and counts from 1 again.
        public func clear() {
            state.withLock { $0 = State() }
        }
    }
}
