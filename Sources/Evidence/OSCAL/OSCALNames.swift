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
    let origins: [OSCAL.Origin]
    let collected: String
    /// When what was seen is no longer good evidence: a scheduled scan is expected daily.
    let expires: String

    init(_ assessment: Assessment) {
        account = assessment.snapshot.account.id
        run = assessment.asOf.compactISO8601
        component = UUIDv5.of("component", account)
        tool = UUIDv5.of("tool", KeyWitnessTool.name, KeyWitnessTool.version)
        plan = UUIDv5.of("assessment-plan", KeyWitnessTool.name)
        population = UUIDv5.of("observation", account, run, "population")
        origins = [OSCAL.Origin(actors: [OSCAL.Actor(actorUUID: tool)])]
        collected = assessment.snapshot.window.ended.iso8601
        expires = assessment.asOf.addingTimeInterval(86_400).iso8601
    }

    func file(_ path: String) -> String { UUIDv5.of("resource", account, run, path) }
}

/// A key with the UUIDs by which other parts of the document refer to it. Item and risk are the same in every run.
struct NamedKey {
    /// Its place among the assessment's keys.
    let index: Int
    private let itemID: UUIDv5
    private let observationID: UUIDv5
    private let riskID: UUIDv5

    init(_ assessed: KeyAssessment, at index: Int, names: OSCALNames) {
        let key = assessed.naturalKey
        self.index = index
        itemID = UUIDv5(["inventory-item", names.account, key])
        observationID = UUIDv5(["observation", names.account, names.run, key])
        riskID = UUIDv5(["risk", names.account, key])
    }

    var item: String { itemID.text }
    var observation: String { observationID.text }
    var risk: String { riskID.text }
}
