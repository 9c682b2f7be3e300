import AWSClient
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// Whatever connections do, and whoever gives up meanwhile: each request ends, and soon.
@Suite struct UnreliableServerTests {
    /// What a connection does next.
    private enum Deed: CaseIterable {
        case answer, answerLate, answerAndEnd, answerForTheLastTime, answerTwice
        case end, endInTheMiddle, talkNonsense

        /// - Returns: whether the connection goes on.
        func perform(_ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, wait: Duration) async throws -> Bool {
            func write(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }
            switch self {
            case .answer: try await write(Self.whole)
            case .answerLate:
                try await Task.sleep(for: wait)
                try await write(Self.whole)
            case .answerTwice: try await write(Self.whole + Self.whole)
            case .answerAndEnd: try await write(Self.whole)
            case .answerForTheLastTime:
                try await write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            case .end: try await Task.sleep(for: wait)
            case .endInTheMiddle: try await write(String(Self.whole.dropLast()))
            case .talkNonsense: try await write("220 ready\r\n")
            }
            return [.answer, .answerLate, .answerTwice].contains(self)
        }

        private static let whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    }

    /// The same numbers each time for the same seed, whoever draws them.
    private final class Dice: Sendable {
        private let state: Mutex<UInt64>

        init(seed: UInt64) { state = Mutex(seed) }

        /// Below `limit`.
        func roll(_ limit: Int) -> Int {
            state.withLock { state in
                // Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014.
                state &+= 0x9e37_79b9_7f4a_7c15
                var mixed = state
                mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
                mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
                return Int((mixed ^ mixed >> 31) % UInt64(limit))
            }
        }
    }

    private struct Outcome {
        let isAnswered: Bool
        let took: Duration
    }

    /// Sends a request, on which somebody may give up meanwhile.
    private func send(_ transport: HTTPTransport, _ url: EndpointURL, _ dice: Dice) async -> Outcome {
        let begin = ContinuousClock.now
        let request = Task {
            try await transport.send(
                HTTPRequest(method: "GET", url: url), for: Call(operation: "ListUsers", attempt: 1))
        }
        if dice.roll(8) == 0 {
            try? await Task.sleep(for: .microseconds(dice.roll(3000)))
            request.cancel()
        }
        let result = await request.result
        if case .success(let answer) = result {
            #expect(answer.status == 200)
            #expect(answer.body == Array("ok".utf8))
        }
        return Outcome(isAnswered: (try? result.get()) != nil, took: ContinuousClock.now - begin)
    }

    @Test(.timeLimit(.minutes(2)), arguments: 0..<12)
    func `every request ends soon`(seed: Int) async throws {
        let dice = Dice(seed: UInt64(seed))
        // From a server that does anything, to one that at most drops connections.
        let reliability = 1 + seed % 4
        try await Loopback.serving(
            resets: seed.isMultiple(of: 2),
            { inbound, outbound in
                if dice.roll(4 * reliability) == 0 { return }
                for try await _ in inbound {
                    let isReliable = dice.roll(4) < reliability
                    let deed = isReliable ? .answer : Deed.allCases[dice.roll(Deed.allCases.count)]
                    guard try await deed.perform(outbound, wait: .microseconds(dice.roll(5000))) else { return }
                }
            }
        ) { server async throws in
            let transport = HTTPTransport(connections: 1 + dice.roll(6))
            let url = try #require(EndpointURL("http://127.0.0.1:\(server.port)/"))
            let outcomes = await withTaskGroup(of: [Outcome].self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        var outcomes: [Outcome] = []
                        for _ in 0..<12 { outcomes.append(await send(transport, url, dice)) }
                        return outcomes
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            await transport.shutdown()
            // A request that is forgotten waits for a minute, and an answer that is forgotten is waited for for twenty seconds.
            let longest = outcomes.map(\.took).max() ?? .zero
            #expect(longest < .seconds(19))
            #expect(outcomes.count { $0.isAnswered } > 0)
        }
    }
}
