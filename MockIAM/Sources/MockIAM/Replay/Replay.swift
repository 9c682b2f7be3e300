import FoundationEssentials
import NIOCore
import Recording
import Synchronization

/// Recorded answers by request: the same request gets its answers in the order in which they were recorded.
///
/// A page that was recorded for another `MaxItems` answers, too, if it has no more members than are asked for: IAM may
/// always give fewer.
final class Replay: Sendable {
    /// What the recording has for a request.
    enum Reply {
        case recorded(Answer, sequence: Int)
        case missing(Gap)
    }

    /// Why there is no answer.
    enum Gap: Equatable {
        /// All `count` answers were given, and the policy is not to repeat them.
        case exhausted(count: Int)
        /// The request was recorded, but no answer to it arrived.
        case unanswered
        case unknown
    }

    private struct Track: Sendable {
        var index: Int
        var answers: [(answer: Answer, sequence: Int)] = []

        /// Whether no answer has more members than a page may have.
        func fits(pageSize: Int) -> Bool {
            answers.allSatisfy { $0.answer.body.readableBytesView.memberCount <= pageSize }
        }
    }

    private let tracks: [RequestKey: Track]
    /// The requests that were recorded, by what they are without `MaxItems`; the largest pages first.
    private let sizes: [RequestKey: [RequestKey]]
    private let policy: MockIAM.RepeatPolicy
    /// How many answers each track has given.
    private let given: Mutex<[Int]>

    /// - Throws: ``MockIAM/FixtureError`` for an answer that can't be sent.
    init(_ fixture: MockIAM.Fixture, policy: MockIAM.RepeatPolicy) throws {
        var tracks: [RequestKey: Track] = [:]
        for exchange in fixture.exchanges {
            // What was scrubbed, or speaks a protocol that we don't, can't be asked for.
            let organizations = RequestKey(organizations: exchange.request)
            guard let key = organizations ?? QueryRequest(exchange.request)?.key else { continue }
            var track = tracks[key] ?? Track(index: tracks.count)
            do {
                if let response = exchange.response {
                    let answer = try Answer(
                        response, sequence: exchange.sequence,
                        defaultType: organizations == nil ? "text/xml" : "application/x-amz-json-1.1")
                    track.answers.append((answer, exchange.sequence))
                }
            } catch let error as RecordingError {
                throw MockIAM.FixtureError(path: fixture.name, reason: error.reason)
            }
            tracks[key] = track
        }
        self.tracks = tracks
        sizes = Dictionary(grouping: tracks.keys, by: \.ofAnyPageSize).mapValues { keys in
            keys.sorted { ($0.pageSize ?? 0, $1.description) > ($1.pageSize ?? 0, $0.description) }
        }
        self.policy = policy
        given = Mutex(Array(repeating: 0, count: tracks.count))
    }

    func next(for key: RequestKey) -> Reply {
        guard let track = tracks[key] ?? track(ofOtherPages: key) else { return .missing(.unknown) }
        guard let last = track.answers.last else { return .missing(.unanswered) }
        let turn = given.withLock { given in
            defer { given[track.index] += 1 }
            return given[track.index]
        }
        let count = track.answers.count
        if turn < count { return .recorded(track.answers[turn].answer, sequence: track.answers[turn].sequence) }
        switch policy {
        case .last: return .recorded(last.answer, sequence: last.sequence)
        case .cycle:
            let again = track.answers[turn % count]
            return .recorded(again.answer, sequence: again.sequence)
        case .error: return .missing(.exhausted(count: count))
        }
    }

    private func track(ofOtherPages key: RequestKey) -> Track? {
        guard let size = key.pageSize else { return nil }
        return sizes[key.ofAnyPageSize, default: []].lazy.compactMap { self.tracks[$0] }.first {
            $0.fits(pageSize: size)
        }
    }

    /// Every request gets its first answer again.
    func reset() {
        given.withLock { given in
            for index in given.indices { given[index] = 0 }
        }
    }

    /// The recorded requests most like one, the likest first.
    func nearest(to key: RequestKey, count: Int = 3) -> [RequestKey] {
        let text = key.description
        return
            tracks.keys
            .map { (key: $0, text: $0.description, likeness: $0.likeness(to: key)) }
            .filter { $0.likeness > 0 }
            .sorted { left, right in
                // Among equals the one that starts alike is the one that was mistyped; then by name, so that runs
                // agree.
                let (alike, other) = (left.text.commonPrefix(with: text), right.text.commonPrefix(with: text))
                return (right.likeness, other, left.text) < (left.likeness, alike, right.text)
            }
            .prefix(count)
            .map(\.key)
    }

    /// The actions that the recording knows, in order.
    var actions: [String] {
        Set(tracks.keys.map(\.action)).sorted()
    }
}

extension ByteBufferView {
    /// How many elements named `member` begin here. Those of lists within a list's members count, too: the page is taken
    /// for larger than it is then, never for smaller.
    fileprivate var memberCount: Int {
        let tag = Array("<member>".utf8)
        var count = 0
        var rest = self[...]
        while let begin = rest.firstIndex(of: tag[0]) {
            rest = rest[begin...]
            if rest.starts(with: tag) { count += 1 }
            rest = rest.dropFirst()
        }
        return count
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> Int {
        zip(utf8, other.utf8).prefix { $0 == $1 }.count
    }
}
