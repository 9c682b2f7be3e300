import FoundationEssentials

extension OSCALBuilder {
    private var recording: String { names.file(BundlePath.recording) }

    /// The population as a whole: what was listed, and what could not be.
    func populationObservation() -> OSCAL.Observation {
        let snapshot = assessment.snapshot
        let failures = snapshot.failures.prefix(20).map { "\($0.operation) of \($0.subject): \($0.code)" }
        let more = snapshot.failures.count > 20 ? " and \(snapshot.failures.count - 20) more" : ""
        let unread =
            failures.isEmpty
            ? "Nothing in scope was left unread." : "Not read: \(failures.joined(separator: "; "))\(more)."
        let vanished = snapshot.notes.filter { [.userVanished, .keyVanished].contains($0.kind) }.map(\.subject)
        let gone = vanished.isEmpty ? "" : " Deleted during the run: \(vanished.joined(separator: ", "))."
        return OSCAL.Observation(
            uuid: names.population, title: "Population of IAM users and access keys",
            description: "\(snapshot.users.count) users listed in \(snapshot.userListing.pages) pages, "
                + "\(assessment.keys.count) access keys. \(unread)\(gone)",
            props: [
                OSCAL.Property("population-users", String(snapshot.users.count)),
                OSCAL.Property("population-count", String(assessment.keys.count)),
                OSCAL.Property("user-list-complete", String(snapshot.userListing.isComplete)),
                OSCAL.Property("read-failures", String(snapshot.failures.count)),
                OSCAL.Property("vanished", String(vanished.count)),
            ],
            types: ["discovery"], origins: names.origins,
            subjects: [
                OSCAL.Subject(subjectUUID: names.component, type: "component", title: "AWS IAM of account \(account)")
            ],
            relevantEvidence: [
                OSCAL.RelevantEvidence(
                    href: "#\(recording)",
                    description: "The recorded \(assessment.populationSource) exchanges in \(BundlePath.recording).")
            ],
            collected: names.collected, expires: names.expires
        )
    }

    /// The facts about one key and what follows from them.
    func observation(_ named: NamedKey) -> OSCAL.Observation {
        let key = assessment.keys[named.index]
        // Each of these is a copy.
        let (known, user) = (key.key, key.user)
        let lastUse =
            switch known.lastUse {
            case .used(let at, let service, _): "last used \(at.iso8601) with \(service), \(key.idleDays ?? 0) days ago"
            case .never: "never used"
            case .undetermined(let failure): "last use undetermined (\(failure.message))"
            }
        let classification = key.classification
        let exchanges = known.exchanges.map(String.init).joined(separator: ", ")
        var props = [
            OSCAL.Property.Kind.classification(classification.name),
            OSCAL.Property.Kind.classificationRule(classification.reason.text),
            OSCAL.Property.Kind.keyAgeDays(String(key.ageDays)),
            OSCAL.Property.Kind.status(known.status.name),
        ]
        if let source = known.lastUseSource {
            props.append(OSCAL.Property.Kind.lastUseSource(source.operation))
            props.append(OSCAL.Property.Kind.lastUseAsOf(source.asOf.iso8601))
        }
        if let idleDays = key.idleDays { props.append(OSCAL.Property.Kind.keyIdleDays(String(idleDays))) }
        for verdict in key.verdicts {
            props.append(
                OSCAL.Property.Kind.testConclusion("\(verdict.test.rawValue): \(verdict.verdict.conclusion.rawValue)"))
        }
        return OSCAL.Observation(
            uuid: named.observation, title: "\(classification.name): \(known.label) (\(user.name))",
            description: "Status \(known.status.name); \(key.ageDays) days old; \(lastUse). "
                + "\(key.recommendation.action)",
            props: props, types: ["control-objective"], origins: names.origins,
            subjects: [
                OSCAL.Subject(subjectUUID: named.item, type: "inventory-item", title: user.arn)
            ],
            relevantEvidence: [
                OSCAL.RelevantEvidence(
                    href: "#\(recording)",
                    description:
                        "\(BundlePath.recording), exchanges with _seq \(exchanges.isEmpty ? "unknown" : exchanges).")
            ],
            collected: names.collected, expires: names.expires
        )
    }

    /// What is known of the root user; nil where no test asks.
    func rootObservation() -> OSCAL.Observation? {
        guard let found = assessment.accountVerdicts.first(where: { $0.test == .rootKey }) else { return nil }
        let exchange = found.verdict.reason.exchange.map(String.init) ?? "unknown"
        return OSCAL.Observation(
            uuid: names.rootObservation, title: "Access keys of the root user",
            description: "\(found.verdict.reason.text).",
            props: [
                OSCAL.Property.Kind.testConclusion("\(found.test.rawValue): \(found.verdict.conclusion.rawValue)")
            ],
            types: ["control-objective"], origins: names.origins,
            subjects: [
                OSCAL.Subject(subjectUUID: names.component, type: "component", title: "AWS IAM of account \(account)")
            ],
            relevantEvidence: [
                OSCAL.RelevantEvidence(
                    href: "#\(recording)",
                    description: "\(BundlePath.recording), exchanges with _seq \(exchange).")
            ],
            collected: names.collected, expires: names.expires
        )
    }
}
