import FoundationEssentials
import NIOCore

/// What the faults do to one request.
struct FaultDecision: Sendable, Equatable {
    /// A rule that was hit.
    struct Hit: Sendable, Equatable {
        var rule: Int
        var name: String
        /// Whether it has an effect whatever the answer is.
        var isCertain = false
    }

    /// What is answered without asking the emulator.
    enum Replacement: Sendable, Equatable {
        case error(AWSError)
        /// The body of a page of a list that was given before, with status 200; for who may have it.
        case page(ByteBuffer)
    }

    /// The rules that were hit, in their order. Those that turn out to have no effect on the answer are still here;
    /// ``FaultEngine/alter(_:by:)`` tells which had one.
    var hits: [Hit] = []
    /// For how long the server refuses connections. The request gets no answer then: ``Delivery/dropped(after:)``.
    var refusal: Duration?
    /// By how many seconds the clock is wrong for this request: in the `Date` header, and where the time of the signature
    /// is checked.
    var clockSkew: TimeInterval = 0
    var replacement: Replacement?
    var body = BodyFaults()
    var wire = WireFaults()

    /// Whether the request is served as if there were no faults.
    var isEmpty: Bool {
        hits.isEmpty && replacement == nil
    }
}

/// What is done to the body of an answer.
struct BodyFaults: Sendable, Equatable {
    /// What is wrong with a page of a list.
    struct PageFault: Sendable, Equatable {
        var kind: MockIAM.FaultPlan.Paging
        /// Where the page itself is to be had.
        var place: KeptPages.Place
        var rule: Int
    }

    struct Absence: Sendable, Equatable {
        var who: MockIAM.FaultPlan.Vanishing
        var rule: Int
    }

    struct Declaration: Sendable, Equatable {
        var doctype: MockIAM.FaultPlan.Doctype
        var rule: Int
    }

    var absences: [Absence] = []
    var page: PageFault?
    var declaration: Declaration?
    var html: MockIAM.FaultPlan.HTML?
}

/// What is done to an answer while it is sent.
struct WireFaults: Sendable, Equatable {
    var latency = Duration.zero
    var oversize: MockIAM.FaultPlan.Oversize?
    var truncate: MockIAM.FaultPlan.Cut?
    var contentLength: Int?
    var drip: MockIAM.FaultPlan.Drip?
    var reset: MockIAM.FaultPlan.Reset?
}
