import AWSClient
@testable import Collector
import Evidence
import FoundationEssentials
import Synchronization
import Testing

/// When a run asks nothing more because nothing has been answered for so long.
@Suite struct CollectionHaltTests {
    /// A clock that is set by hand.
    private final class Uptime: Sendable {
        private let time = Mutex(Duration.zero)
        var now: Duration { time.withLock { $0 } }
        func set(_ seconds: Int) { time.withLock { $0 = .seconds(seconds) } }
    }

    private let uptime = Uptime()

    private func halt() -> CollectionHalt {
        CollectionHalt(uptime: { [uptime] in uptime.now })
    }

    private static func error(_ reason: AWSError.Reason) throws -> AWSError {
        AWSError(
            operation: "ListAccessKeys", reason: reason,
            endpoint: try #require(EndpointURL("https://iam.amazonaws.com")), attempts: 3, receipt: nil)
    }

    static let unanswered: [AWSError.Reason] = [
        .transport(TransportError(.timedOut, reason: "no whole answer in time")),
        .transport(TransportError(.interrupted, reason: "the connection was closed in the middle")),
        .service(code: "ServiceUnavailable", message: "", status: 503),
        .unreadable(.xml(.notXML), status: 502),
        // AWS answers, and says nothing.
        .service(code: "Throttling", message: "Rate exceeded", status: 400),
    ]

    @Test(arguments: unanswered)
    func `five minutes without an answer end the run`(reason: AWSError.Reason) throws {
        let halt = halt()
        for second in [60, 120, 180, 240, 299] {
            uptime.set(second)
            #expect(halt.settle(try Self.error(reason)) == (try Self.error(reason)))
            #expect(!halt.isHalted)
        }
        uptime.set(300)
        // The call itself ended in its own way; those that aren't made any more say why.
        #expect(halt.settle(try Self.error(reason)) == (try Self.error(reason)))
        let stop = try #require(halt.stop("GetAccessKeyLastUsed"))
        #expect(stop.operation == "GetAccessKeyLastUsed" && stop.receipt == nil)
        #expect("\(stop)".contains("unreachable: nothing was answered for 5 minutes; the last: "))
        // Whoever does it again finds the stop by what the report says of it.
        let failure = ReadFailure(stop, fact: .population, subject: .account)
        var snapshot = AccountSnapshot(
            account: AccountIdentity(id: "111122223333", partition: "aws", callerARN: ""), region: "us-east-1",
            profile: nil, window: CollectionWindow(started: .distantPast, ended: .distantPast), users: [],
            userListing: .complete(pages: 1), failures: [failure], traffic: Traffic(requests: [:]), source: .live)
        #expect(snapshot.halt == failure)
        // What is said of a user who is called so isn't said of the account.
        snapshot.failures[0].subject = .user("account")
        #expect(snapshot.halt == nil)
    }

    @Test func `an answer of any kind begins the time anew`() throws {
        let halt = halt()
        let silence = try Self.error(Self.unanswered[0])
        for second in stride(from: 0, to: 3000, by: 60) {
            uptime.set(second)
            _ = halt.settle(silence)
            if second.isMultiple(of: 240) { halt.noteAnswer() }
            if second % 240 == 120 {
                _ = halt.settle(try Self.error(.service(code: "NoSuchEntity", message: "", status: 404)))
            }
        }
        #expect(!halt.isHalted)
    }

    @Test func `one call that takes its time isn't the end of all`() throws {
        let halt = halt()
        uptime.set(1000)
        for _ in 1..<CollectionHalt.leastUnanswered {
            _ = halt.settle(try Self.error(Self.unanswered[0]))
            #expect(!halt.isHalted)
        }
        _ = halt.settle(try Self.error(Self.unanswered[0]))
        #expect(halt.isHalted)
    }

    /// Which calls came to nothing is in the recording; when, the replay's clock doesn't tell.
    @Test func `a run that is done again isn't ended by it`() throws {
        let halt = CollectionHalt(replaying: nil)
        for _ in 0..<100 { _ = halt.settle(try Self.error(Self.unanswered[0])) }
        #expect(!halt.isHalted)
    }
}
