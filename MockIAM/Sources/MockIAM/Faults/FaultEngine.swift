import NIOCore
import Synchronization

/// Decides which faults a request meets, and remembers what that takes: how often each rule was asked, what its bucket
/// holds, whose credentials are expired, and the pages that a list gives twice.
///
///     let decision = engine.decide(query, at: elapsed)
///     var answer = …  // decision.replacement, or what the emulator answers at a clock that is off by clockSkew
///     let faults = engine.alter(&answer, by: decision)
///     let delivery = Delivery(of: answer, date: date, faults: decision.wire, toHEAD: false, closing: false)
///     guard try await delivery.carryOut(on: channel) else { return }
///
/// Time is passed in: the time since the server's start, or any other that never goes back.
final class FaultEngine: Sendable {
    private let state: Mutex<FaultState>

    init(_ plan: MockIAM.FaultPlan = MockIAM.FaultPlan()) {
        state = Mutex(FaultState(plan, at: .zero))
    }

    var plan: MockIAM.FaultPlan {
        state.withLock(\.plan)
    }

    /// Whether nothing can go wrong, so that there is no need to ask.
    var isIdle: Bool {
        state.withLock { $0.plan.rules.isEmpty }
    }

    /// Puts another plan in force. It starts afresh, even where it is the same: counts, buckets and time begin anew,
    /// and expired credentials are good again.
    func replace(_ plan: MockIAM.FaultPlan, at elapsed: Duration) {
        state.withLock { $0 = FaultState(plan, at: elapsed) }
    }

    /// What is done to a request. Each call counts as a request.
    func decide(_ query: FaultQuery, at elapsed: Duration) -> FaultDecision {
        state.withLock { $0.decide(query, at: elapsed) }
    }

    /// Does to an answer what was decided, up to what is done on the way.
    ///
    /// - Returns: the names of the rules that had an effect, for the journal. What is done on the way counts as one.
    func alter(_ answer: inout Answer, by decision: FaultDecision) -> [String] {
        if decision.clockSkew != 0 { answer = answer.withoutDate() }
        var effective: Set<Int> = []
        if let html = decision.body.html {
            answer = .html(html)
        } else {
            effective = alter(&answer, by: decision.body)
        }
        return decision.hits.filter { $0.isCertain || effective.contains($0.rule) }.map(\.name)
    }

    /// - Returns: the rules that had an effect, by number.
    private func alter(_ answer: inout Answer, by faults: BodyFaults) -> Set<Int> {
        var effective: Set<Int> = []
        if let page = faults.page, let altered = ListPage(answer)?.altered(by: page) {
            state.withLock { $0.pages.keep(answer.body, at: page.place) }
            answer.body = altered
            effective.insert(page.rule)
        }
        for absence in faults.absences {
            guard let altered = ListPage(answer)?.without(absence.who) else { continue }
            answer.body = altered
            effective.insert(absence.rule)
        }
        if let declaration = faults.declaration, answer.declare(declaration.doctype) {
            effective.insert(declaration.rule)
        }
        return effective
    }
}
