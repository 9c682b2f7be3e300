import Recording
import Synchronization

extension MockIAM {
    /// What a server was asked and what it answered, for a test to look at afterwards.
    ///
    ///     #expect(server.journal.counts == ["ListUsers": 3, "ListAccessKeys": 25])
    ///     #expect(server.journal.unmatched.isEmpty)
    public final class Journal: Sendable {
        /// All that the journal has at one moment.
        struct State: Sendable {
            fileprivate var begun = 0
            fileprivate(set) var served = 0
            fileprivate(set) var counts: [String: Int] = [:]
            /// The requests without an action, which aren't among the counts.
            fileprivate(set) var withoutAction = 0
            fileprivate(set) var unmatched = 0
            fileprivate(set) var firstUnmatched: Entry?
            /// Those that are kept.
            fileprivate(set) var entries: [Entry] = []
            /// How many entries aren't kept any more. They were the first.
            fileprivate(set) var forgotten = 0
            /// How many bytes the entries take up, about.
            fileprivate var size = 0

            /// Whether the counts have every request that has an action: not where there were too many different ones.
            var countsAreWhole: Bool {
                counts.values.reduce(withoutAction, +) == served
            }

            fileprivate mutating func record(_ entry: Entry) {
                served += 1
                if let action = entry.action?.prefix(200).description {
                    if counts[action] != nil || counts.count < Journal.actionLimit { counts[action, default: 0] += 1 }
                } else {
                    withoutAction += 1
                }
                if entry.isUnmatched {
                    unmatched += 1
                    firstUnmatched = firstUnmatched ?? entry
                }
                if entries.count == Journal.capacity { forgetOlderHalf() }
                entries.append(entry)
                size += entry.size
                while size > Journal.sizeLimit { forgetOlderHalf() }
            }

            private mutating func forgetOlderHalf() {
                let older = entries.prefix(max(1, entries.count / 2))
                size -= older.reduce(0) { $0 + $1.size }
                forgotten += older.count
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

        /// The requests that are kept, in the order in which they were answered: all of them, or where there were more than
        /// 50,000 the last 25,000 at least. Of very long ones fewer are kept.
        public var entries: [Entry] {
            state.withLock(\.entries)
        }

        /// Those of the ``entries`` that were understood but had no answer: none in the recording, or AWS has the operation
        /// and the emulator hasn't.
        public var unmatched: [Entry] {
            entries.filter(\.isUnmatched)
        }

        /// How many requests had no answer, whether they are kept or not.
        public var unmatchedCount: Int {
            state.withLock(\.unmatched)
        }

        /// All of it at one moment, for what looks at several of its parts.
        var current: State {
            state.withLock(\.self)
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
            state.withLock { $0.record(entry) }
        }

        /// Forgets everything, and counts from 1 again.
        public func clear() {
            state.withLock { $0 = State() }
        }
    }
}
