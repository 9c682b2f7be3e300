import CanonicalJSON

/// The documents that assessment results stand on: the plan that they carry out, the system that the plan is about, the
/// controls that the system answers to, and a catalog of those that have none. Several importers take no assessment
/// results without them.
extension OSCALBuilder {
    private var asOf: String { assessment.asOf.iso8601 }

    func metadata(_ title: String, props: [OSCAL.Property]? = nil) -> OSCAL.Metadata {
        let party = UUIDv5.of("party", account)
        return OSCAL.Metadata(
            title: title, lastModified: assessment.snapshot.window.ended.iso8601, version: asOf,
            oscalVersion: version.rawValue, props: props,
            roles: [OSCAL.Role(id: "prepared-by", title: "Prepared by")],
            parties: [OSCAL.Party(uuid: party, type: "organization", name: "Owner of AWS account \(account)")],
            responsibleParties: [OSCAL.ResponsibleParty(roleID: "prepared-by", partyUUIDs: [party])])
    }

    // MARK: Plan

    /// What each test does, and to what.
    package func assessmentPlan() -> AssessmentPlanDocument {
        let everything = [
            OSCAL.AssessmentSubject(type: "inventory-item"), OSCAL.AssessmentSubject(type: "component"),
        ]
        let activities = assessment.tests.map { test in
            let limits = test.parameters.map { parameter in
                let others = assessment.otherLimits(of: test.id).map { "\($0.days) by override '\($0.override)'" }
                return "\(parameter.name) = \(parameter.days) days"
                    + (others.isEmpty ? "" : " (\(others.joined(separator: ", ")))")
            }.joined(separator: ", ")
            return OSCAL.Activity(
                uuid: names.activity(test.id), title: test.title,
                description: test.question + (limits.isEmpty ? "" : " Limit: \(limits)."),
                props: [OSCAL.Property("control-test", test.id.rawValue), OSCAL.Property(nist: "method", "TEST")],
                relatedControls: reviewedControls(of: [test.id]))
        }
        return AssessmentPlanDocument(
            uuid: names.plan, metadata: metadata("Standing plan: access keys of AWS account \(account)"),
            importSSP: OSCAL.Import(href: "./ssp.json"), activities: activities,
            reviewedControls: reviewedControls(), subjects: everything,
            assets: assessmentAssets(),
            task: OSCAL.Task(
                uuid: UUIDv5.of("task", account), title: "Scan of all access keys",
                activities: activities.map(\.uuid), subjects: everything))
    }

    // MARK: System

    /// A stub, and it says so: whoever has a system security plan puts it in its place.
    package func systemSecurityPlan() -> SystemSecurityPlanDocument {
        let controls = shownControls
        return SystemSecurityPlanDocument(
            uuid: UUIDv5.of("ssp", account),
            metadata: metadata("Stub of a system security plan: AWS account \(account)"),
            account: account, systemID: UUIDv5.of("system", account), userUUID: UUIDv5.of("ssp-user", account),
            componentUUID: UUIDv5.of("this-system", account),
            requirements: controls.map { mapping in
                OSCAL.ImplementedRequirement(
                    uuid: UUIDv5.of("requirement", account, mapping.framework, mapping.control),
                    controlID: mapping.control,
                    byComponentUUID: UUIDv5.of("by-component", account, mapping.framework, mapping.control),
                    componentUUID: UUIDv5.of("this-system", account))
            })
    }

    // MARK: Controls

    /// The controls that the documents speak of.
    package func profile() -> ProfileDocument {
        var imports: [OSCAL.CatalogImport] = []
        let nist = shownControls.filter { $0.framework == Crosswalk.nist }.map(\.control)
        if !nist.isEmpty {
            imports.append(OSCAL.CatalogImport(href: OSCAL.nistCatalog, controls: nist.sorted()))
        }
        let indexed = shownControls.filter { $0.framework != Crosswalk.nist }.map(\.control)
        if !indexed.isEmpty {
            imports.append(OSCAL.CatalogImport(href: "./index-catalog.json", controls: indexed.sorted()))
        }
        return ProfileDocument(
            uuid: UUIDv5.of("profile", account), metadata: metadata("Controls that access key evidence speaks to"),
            imports: imports)
    }

    /// The identifiers of controls whose frameworks have no OSCAL catalog that could be named; nil where there are none.
    package func indexCatalog() -> IndexCatalogDocument? {
        let groups = assessment.shown.frameworks.filter { $0.id != Crosswalk.nist }.compactMap {
            framework -> OSCAL.CatalogGroup? in
            let controls = shownControls.filter { $0.framework == framework.id }.map { mapping in
                OSCAL.CatalogControl(
                    id: mapping.control, title: mapping.label, label: mapping.label,
                    parts: parts(of: mapping.control, framework.id), framework: framework.title)
            }
            return controls.isEmpty
                ? nil : OSCAL.CatalogGroup(id: framework.id, title: framework.title, controls: controls)
        }
        guard !groups.isEmpty else { return nil }
        return IndexCatalogDocument(
            uuid: UUIDv5.of("index-catalog", account),
            metadata: metadata("Index of control identifiers; the controls' texts belong to others"), groups: groups)
    }

    /// Every control that a test that runs speaks to, once, in the crosswalk's order.
    private var shownControls: [Crosswalk.Mapping] {
        var seen: Set<String> = []
        return assessment.tests.flatMap { assessment.shown.mappings(of: $0.id) }.filter {
            seen.insert("\($0.framework) \($0.control)").inserted
        }
    }

    private func parts(of control: String, _ framework: String) -> [(id: String, isObjective: Bool)] {
        var parts: [(id: String, isObjective: Bool)] = []
        for mapping in assessment.tests.flatMap({ assessment.shown.mappings(of: $0.id) })
        where mapping.framework == framework && mapping.control == control {
            if !parts.contains(where: { $0.id == mapping.target }) {
                parts.append((mapping.target, mapping.targetType == .objective))
            }
        }
        return parts
    }
}

extension OSCAL {
    /// NIST's catalog of SP 800-53 Rev. 5, release 5.1.1+u4, as NIST published it: the one that the ids of the crosswalk are
    /// checked against. By the tag, so that a bundle speaks of the same controls whenever somebody resolves it.
    static let nistCatalog =
        "https://raw.githubusercontent.com/usnistgov/oscal-content/v1.3.0/nist.gov/SP800-53/rev5/json/NIST_SP-800-53_rev5_catalog.json"
}
