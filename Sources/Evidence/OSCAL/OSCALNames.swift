import CanonicalJSON
import FoundationEssentials

/// The UUIDs of a run's things, and what else all of them share, made once.
struct OSCALNames {
    let account: String
    /// Tells this run's observations and findings from another run's.
    let run: String
    /// The AWS account as a component.
    let component: String
    let tool: String
    let plan: String
    /// The observation about the population.
    let population: String
    /// The observation about the root user.
    let rootObservation: String
    let origins: JSONFragment
    let implementedComponents: JSONFragment
    let collected: String
    /// When what was seen is no longer good evidence: a scheduled scan is expected daily.
    let expires: String

    init(_ assessment: Assessment) {
        account = assessment.snapshot.account.id
        run = assessment.asOf.compactISO8601
        component = UUIDv5.of("component", account)
        tool = UUIDv5.of("tool", KeyWitnessTool.name, KeyWitnessTool.version)
        plan = UUIDv5.of("assessment-plan", account)
        population = UUIDv5.of("observation", account, run, "population")
        rootObservation = UUIDv5.of("observation", account, run, "root-user")
        origins = JSONFragment([OSCAL.Origin(actors: [OSCAL.Actor(actorUUID: tool)])])
        implementedComponents = JSONFragment([OSCAL.ImplementedComponent(componentUUID: component)])
        collected = assessment.snapshot.window.ended.iso8601
        expires = assessment.asOf.addingTimeInterval(86_400).iso8601
    }

    /// The risk that a failure of the whole account is.
    func risk(of test: ControlTestID) -> String { UUIDv5.of("risk", account, test.rawValue) }

    /// What a test does, in the plan.
    func activity(_ test: ControlTestID) -> String { UUIDv5.of("activity", account, test.rawValue) }

    /// What a subject does in a test.
    func finding(of test: String, _ naturalKey: String) -> String {
        UUIDv5.of("finding", account, run, test, naturalKey)
    }

    func file(_ path: String) -> String { UUIDv5.of("resource", account, run, path) }
}
