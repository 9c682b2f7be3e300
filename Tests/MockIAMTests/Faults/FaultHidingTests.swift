import NIOCore
import Testing

@testable import MockIAM

@Suite("Effects of one rule beside each other")
struct FaultHidingTests {
    private typealias Key = FaultRule.Key

    private static let effects: [(key: Key, set: @Sendable (inout FaultRule) -> Void)] = [
        (.latency, { $0.latency = .milliseconds(5) }), (.throttle, { $0.throttle = .init(rate: 0.001, burst: 2) }),
        (.error, { $0.error = .status(500) }), (.expireToken, { $0.expireToken = true }),
        (.refuse, { $0.refuse = .seconds(1) }), (.reset, { $0.reset = .before }), (.truncate, { $0.truncate = .half }),
        (.contentLength, { $0.contentLength = 7 }), (.drip, { $0.drip = .init(bytes: 9, every: .milliseconds(1)) }),
        (.oversize, { $0.oversize = .init(size: 50_000) }), (.html, { $0.html = .init() }),
        (.doctype, { $0.doctype = .plain }), (.marker, { $0.marker = .loop }),
        (.vanish, { $0.vanish = .init(user: "gone") }), (.clockSkew, { $0.clockSkew = .seconds(60) }),
    ]

    /// What a client gets.
    private struct Seen: Equatable {
        var refusal: Duration?
        var delivery: Delivery
    }

    /// A list twice, between them somebody who may be gone, and at last what the rule isn't about.
    private func seen(_ keys: Key...) -> [Seen] {
        var rule = FaultRule(match: .init(action: ["ListUsers", "GetUser"]))
        for effect in Self.effects where keys.contains(effect.key) { effect.set(&rule) }
        let engine = FaultEngine(rule)
        return [
            FaultQuery.made("ListUsers"), .made("GetUser", ["UserName": "gone"]), .made("ListUsers"),
            .made("GetAccountSummary"),
        ].map { query in
            let decision = engine.next(query)
            var answer: Answer =
                switch decision.replacement {
                case .error(let error): Answer(error, requestID: "1")
                case .page(let page): .xml(String(buffer: page))
                case nil:
                    .xml(
                        "<R><\(query.action)Result><IsTruncated>false</IsTruncated><Users><member><UserName>a</UserName>"
                            + "</member></Users></\(query.action)Result></R>")
                }
            _ = engine.alter(&answer, by: decision)
            let delivery =
                decision.refusal != nil
                ? Delivery.dropped()
                : Delivery(
                    of: answer, date: "\(decision.clockSkew)", faults: decision.wire, toHEAD: false, closing: false)
            return Seen(refusal: decision.refusal, delivery: delivery)
        }
    }

    @Test("What is refused because it can't show doesn't show, and everything else does")
    func pairs() {
        #expect(Set(Self.effects.map(\.key)) == Set(Key.effects))
        for first in Key.effects {
            let alone = seen(first)
            #expect(alone != seen(), "\(first)")
            for second in Key.effects where second != first {
                let isHidden = FaultRule.hidden.contains { $0.by == first && $0.what.contains(second) }
                #expect((seen(first, second) == alone) == isHidden, "\(second) beside \(first)")
            }
        }
    }
}
