import CanonicalJSON
import FoundationEssentials

/// The UUIDs of a run's things, and what else all of them share, made once.
final class OSCALNames: Sendable {
    let account: String
    /// Tells this run's observations and findings from another run's.
    let run: String
    /// The AWS account as a component.
    let component: UUIDv5
    let tool: String
    let plan: String
    /// The observation about the population.
    let population: UUIDv5
    /// The observation about the root user.
    let rootObservation: UUIDv5
    let origins: JSONFragment
    let collected: Date
    /// When what was seen is no longer good evidence: a scheduled scan is expected daily.
    let expires: Date

    // Of a key or user, by its natural key. Items, risks and remediations are the same in every run.
    let item: UUIDv5.Namespace
    let observation: UUIDv5.Namespace
    let risk: UUIDv5.Namespace
    let remediation: UUIDv5.Namespace

    init(_ assessment: Assessment) {
        account = assessment.snapshot.account.id
        // Runs of one instant may differ: in the policy, in what they asked, and in when they did.
        let snapshot = assessment.snapshot
        run = [
            assessment.asOf.compactISO8601, snapshot.window.started.compactISO8601, snapshot.source.rawValue,
            assessment.policy.digest, assessment.exceptions.digest,
        ].joined(separator: " ")
        component = UUIDv5("component", account)
        tool = UUIDv5.of("tool", KeyWitnessTool.name, KeyWitnessTool.version)
        plan = UUIDv5.of("assessment-plan", account)
        item = UUIDv5.Namespace("inventory-item", account)
        observation = UUIDv5.Namespace("observation", account, run)
        risk = UUIDv5.Namespace("risk", account)
        remediation = UUIDv5.Namespace("remediation", account)
        population = observation("population")
        rootObservation = observation("root-user")
        origins = JSONFragment([OSCAL.Origin(actors: [OSCAL.Actor(actorUUID: tool)])])
        collected = assessment.snapshot.window.ended
        expires = collected.addingTimeInterval(86_400)
    }

    /// The risk that a failure of the whole account is.
    func risk(of test: ControlTestID) -> UUIDv5 { risk(test.rawValue) }

    /// What a test does, in the plan.
    func activity(_ test: ControlTestID) -> String { UUIDv5.of("activity", account, test.rawValue) }

    /// What subjects do in a test, by their natural keys.
    func findings(of test: ControlTestID) -> UUIDv5.Namespace {
        UUIDv5.Namespace("finding", account, run, test.rawValue)
    }

    func file(_ path: String) -> String { UUIDv5.of("resource", account, run, path) }
}
