import CanonicalJSON
import FoundationEssentials

extension OSCALBuilder {
    func writeObservations(of subjects: Subjects, to json: inout JSONWriter) {
        let form = OSCAL.ObservationForm(names, recording: names.file(BundleMember.recording.path))
        func put(_ content: some OSCAL.Observed) { OSCAL.Observation(content: content, form: form).write(to: &json) }
        put(PopulationObserved(assessment: assessment, names: names))
        if let found = assessment.accountVerdicts.first(where: { $0.test == .rootKey }) {
            put(RootObserved(found: found, names: names))
        }
        for key in subjects.keys {
            put(KeyObserved(named: key, details: KeyDetails(assessment.keys[key.index])))
        }
    }
}

/// The population as a whole: what was listed, and what could not be.
private struct PopulationObserved: OSCAL.Observed {
    let assessment: Assessment
    let names: OSCALNames

    var uuid: UUIDv5 { names.population }
    var type: StaticString { "discovery" }

    private var vanished: [String] {
        assessment.snapshot.notes.filter { [.userVanished, .keyVanished].contains($0.kind) }.map(\.subject.name)
    }

    func putTitle(to json: inout JSONWriter) { json.literal("Population of IAM users and access keys") }

    func putDescription(to json: inout JSONWriter) {
        let snapshot = assessment.snapshot
        let failures = snapshot.failures.prefix(20).map { "\($0.operation) of \($0.subject): \($0.code)" }
        let more = snapshot.failures.count > 20 ? " and \(snapshot.failures.count - 20) more" : ""
        let unread =
            failures.isEmpty
            ? "Nothing in scope was left unread." : "Not read: \(failures.joined(separator: "; "))\(more)."
        let vanished = vanished
        let gone = vanished.isEmpty ? "" : " Deleted during the run: \(vanished.joined(separator: ", "))."
        json.put(
            "\(counted(snapshot.users.count, "user")) listed in \(counted(snapshot.userListing.pages, "page")), "
                + "\(counted(assessment.keys.count, "access key")). \(unread)\(gone)"
                + (assessment.populationAsOf.map {
                    " As of the credential report of \($0.iso8601): what was made, deleted or switched since isn't in it."
                } ?? ""))
    }

    func writeProps(to json: inout JSONWriter) {
        let snapshot = assessment.snapshot
        let props = [
            OSCAL.Property("population-users", String(snapshot.users.count)),
            OSCAL.Property("population-count", String(assessment.keys.count)),
            OSCAL.Property("user-list-complete", String(snapshot.userListing.isComplete)),
            OSCAL.Property("read-failures", String(snapshot.failures.count)),
            OSCAL.Property("vanished", String(vanished.count)),
        ]
        for prop in props { prop.write(to: &json) }
    }

    func putEvidence(to json: inout JSONWriter) {
        json.put("The recorded \(assessment.populationSource) exchanges in \(BundleMember.recording).")
    }

    func writeSubject(to json: inout JSONWriter) { names.accountSubject.write(to: &json) }
}

/// What is known of the root user, where a test asks.
private struct RootObserved: OSCAL.Observed {
    let found: TestVerdict
    let names: OSCALNames

    var uuid: UUIDv5 { names.rootObservation }
    var type: StaticString { "control-objective" }

    func putTitle(to json: inout JSONWriter) { json.literal("Access keys of the root user") }

    func putDescription(to json: inout JSONWriter) {
        found.verdict.reason.put(to: &json)
        json.literal(".")
    }

    func writeProps(to json: inout JSONWriter) { json.writeConclusion(found.verdict.conclusion, of: found.test) }

    func putEvidence(to json: inout JSONWriter) {
        json.putEvidence { found.verdict.reason.exchange.map($0) }
    }

    func writeSubject(to json: inout JSONWriter) { names.accountSubject.write(to: &json) }
}

/// The facts about one key and what follows from them.
private struct KeyObserved: OSCAL.Observed {
    let named: NamedKey
    let details: KeyDetails

    var uuid: UUIDv5 { named.observation }
    var type: StaticString { "control-objective" }

    func putTitle(to json: inout JSONWriter) {
        json.put(plain: details.assessed.levelName)
        json.literal(": ")
        json.put(details.label)
        json.literal(" (")
        json.put(details.userName)
        json.literal(")")
    }

    func putDescription(to json: inout JSONWriter) {
        json.literal("Status ")
        json.put(details.key.status.name)
        json.literal("; ")
        json.put(details.assessed.ageDays)
        json.literal(" days old; ")
        switch details.key.lastUse {
        case .read(.used(let at, let service, _), _):
            json.literal("last used ")
            json.put(at)
            json.literal(" with ")
            json.put(service)
            json.literal(", ")
            json.put(details.assessed.idleDays ?? 0)
            json.literal(" days ago")
        case .read(.never, _): json.literal("never used")
        case .undetermined(let failure):
            json.literal("last use undetermined (")
            json.put(failure.message)
            json.literal(")")
        }
        json.literal(". ")
        details.action.put(to: &json)
    }

    func writeProps(to json: inout JSONWriter) {
        typealias Kind = OSCAL.Property.Kind
        let assessed = details.assessed
        let reason = details.assessed.classification.reason
        Kind.classification.write(to: &json) { $0.put(plain: assessed.levelName) }
        if let override = assessed.overrideName { Kind.policyOverride.write(override, to: &json) }
        if reason.isPlain {
            Kind.classificationRule.write(to: &json) { reason.put(to: &$0) }
        } else {
            Kind.classificationRule.write(reason.text, to: &json)
        }
        Kind.keyAgeDays.write(to: &json) { $0.put(assessed.ageDays) }
        if let source = details.key.lastUse.source {
            Kind.lastUseSource.write(to: &json) { $0.put(plain: source.operation.rawValue) }
            Kind.lastUseAsOf.write(to: &json) { $0.put(source.asOf) }
        }
        if let idleDays = assessed.idleDays { Kind.keyIdleDays.write(to: &json) { $0.put(idleDays) } }
        assessed.forEachConclusion { json.writeConclusion($1, of: $0) }
    }

    func putEvidence(to json: inout JSONWriter) { json.putEvidence(details.forEachExchange) }

    func writeSubject(to json: inout JSONWriter) {
        OSCAL.Subject(subjectUUID: named.item, type: "inventory-item").write(to: &json)
    }
}

extension OSCALNames {
    fileprivate var accountSubject: OSCAL.Subject {
        OSCAL.Subject(subjectUUID: component, type: "component", title: "AWS IAM of account \(account)")
    }
}

extension JSONWriter {
    fileprivate mutating func writeConclusion(_ conclusion: Conclusion, of test: ControlTestID) {
        OSCAL.Property.Kind.testConclusion.write(to: &self) { json in
            json.put(plain: test.rawValue)
            json.literal(": ")
            json.put(plain: conclusion.rawValue)
        }
    }

    fileprivate mutating func putEvidence(_ forEachExchange: ((Int) -> Void) -> Void) {
        put(plain: BundleMember.recording.path)
        literal(", exchanges with _seq ")
        var isFirst = true
        forEachExchange { exchange in
            if !isFirst { literal(", ") }
            isFirst = false
            put(exchange)
        }
        if isFirst { literal("unknown") }
        literal(".")
    }
}
