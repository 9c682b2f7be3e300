import AWSClient
import Collector
import Evidence
import Foundation
import MockIAM
import Synchronization
import Testing

/// What a run came to whose answers were changed.
struct EditedRun {
    var assessment: Assessment
    var edited: EditedTransport

    var notes: [String] { assessment.noteTexts }
    var unexplained: [String] { assessment.snapshot.notes.filter { $0.explanation == nil }.map(\.text) }
    var keys: [String] { assessment.keys.map { "\($0.user.name) \($0.key.label)" } }
    var critical: [String] { assessment.keys.filter { $0.levelName == "CRITICAL" }.map(\.user.name) }

    /// Collects from an account whose answers are changed on the way, and does it again from the recording.
    ///
    /// - Parameter left: how many users AWS counts when it is asked again, where the changes are of users.
    static func of(
        _ account: MockIAM.Account, _ source: CollectionSource, include: Set<OptionalSource> = [], left: Int? = nil,
        edit: @escaping Edit
    ) async throws -> EditedRun {
        let edit: Edit = { action, number, form, reply in
            let reply = edit(action, number, form, reply)
            guard action == "GetAccountSummary", number > 1, reply.status == 200, let left else { return reply }
            return reply.counting(left)
        }
        let made = Mutex<EditedTransport?>(nil)
        var outcome: EditedRun?
        try await withBundle(
            of: account, MockIAM.Options(authentication: .off), source,
            prepare: { run in
                let transport = EditedTransport(run.transport, edit)
                made.withLock { $0 = transport }
                run.transport = transport
                run.plan = { criteria, asOf in
                    var plan = CollectionPlan(criteria: criteria, asOf: asOf)
                    plan.source = source
                    plan.include = include
                    return plan
                }
            }
        ) { bundle in
            let flaws = await recomputationFlaws(bundle)
            #expect(flaws.isEmpty, "\(flaws.map { String($0.prefix(400)) })")
            let edited = made.withLock(\.self)
            outcome = EditedRun(
                assessment: try BundleReading(folder: bundle.path).assessment, edited: try #require(edited))
        }
        return try #require(outcome)
    }
}

extension Assessment {
    /// `user-vanished bert`
    var noteTexts: [String] { snapshot.notes.map(\.text) }
}

extension PopulationNote {
    fileprivate var text: String { "\(kind.rawValue) \(subject)" }
}
