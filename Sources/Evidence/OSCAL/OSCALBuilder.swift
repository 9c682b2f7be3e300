import CanonicalJSON

/// Writes an assessment as OSCAL assessment results.
///
/// Every known key is an inventory item with one observation. Each objective that a test speaks to has one finding for
/// the account, and each test one for each key, user or account that it applies to; the prop `scope` tells them apart.
package struct OSCALBuilder {
    let assessment: Assessment
    /// The bundle's other files, which the back matter names by digest.
    let files: [BundleFile]
    let version: OSCALVersion
    let names: OSCALNames

    var account: String { names.account }
    var run: String { names.run }

    package init(_ assessment: Assessment, _ version: OSCALVersion, files: [BundleFile] = []) {
        self.assessment = assessment
        self.version = version
        self.files = files
        names = OSCALNames(assessment)
    }

    package func assessmentResults() -> AssessmentResultsDocument {
        AssessmentResultsDocument(
            assessmentResults: AssessmentResults(
                uuid: UUIDv5.of("assessment-results", account, run),
                metadata: metadata(
                    "IAM access key evidence for AWS account \(account)",
                    props: [OSCAL.Property("stream-id", UUIDv5.of("stream", account))]),
                importAP: OSCAL.Import(href: "./assessment-plan.json"),
                results: [result()],
                backMatter: backMatter()
            )
        )
    }

    private func result() -> OSCAL.Result {
        let window = assessment.snapshot.window
        let subjects = Subjects(assessment, names: names)
        return OSCAL.Result(
            uuid: UUIDv5.of("result", account, run),
            title: "Access key scan of AWS account \(account)",
            description: "Every access key of every IAM user, judged at \(assessment.asOf.iso8601). Whole population"
                + (assessment.populationAsOf.map { ", as of the credential report of \($0.iso8601)" } ?? "")
                + ", no sampling."
                + (assessment.isComplete ? "" : " INCOMPLETE: \(assessment.gaps.joined(separator: ", "))."),
            start: window.started.iso8601, end: window.ended.iso8601,
            props: populationProps(),
            localDefinitions: OSCAL.LocalDefinitions(
                components: [
                    OSCAL.Component(
                        uuid: names.component.text, type: "service", title: "AWS IAM of account \(account)",
                        description: "The IAM users and access keys of AWS account \(account).")
                ],
                inventoryItems: subjects.keys.isEmpty
                    ? nil : OSCAL.Elements { writeItems(of: subjects, to: &$0) },
                assessmentAssets: assessmentAssets()
            ),
            reviewedControls: reviewedControls(),
            observations: OSCAL.Elements { writeObservations(of: subjects, to: &$0) },
            risks: subjects.haveRisks ? OSCAL.Elements { writeRisks(of: subjects, to: &$0) } : nil,
            findings: OSCAL.Elements { json in
                writeControlFindings(over: subjects, to: &json)
                writeFindings(over: subjects, to: &json)
            }
        )
    }

    // MARK: Parts

    private func populationProps() -> [OSCAL.Property] {
        let snapshot = assessment.snapshot
        let policy = assessment.policy
        var props = [
            OSCAL.Property("population-source", assessment.populationSource),
            OSCAL.Property("population-users", String(snapshot.users.count)),
            OSCAL.Property("population-count", String(assessment.keys.count)),
            OSCAL.Property("sampling", "none"),
            OSCAL.Property("collection-source", snapshot.source.rawValue),
            OSCAL.Property("complete", String(assessment.isComplete)),
            OSCAL.Property("policy", policy.name),
            OSCAL.Property("policy-sha256", policy.digest),
        ]
        if let date = assessment.populationAsOf { props.append(OSCAL.Property("population-as-of", date.iso8601)) }
        if let expected = snapshot.accountSummary.value?.expectedUsers {
            props.append(OSCAL.Property("population-users-expected", String(expected), class: "account-summary"))
        }
        if let expected = snapshot.credentialReport.value?.users {
            props.append(OSCAL.Property("population-users-expected", String(expected), class: "credential-report"))
        }
        for test in assessment.tests {
            for mapping in assessment.shown.mappings(of: test.id) {
                func define(_ parameter: String, _ days: Int, by override: String? = nil) {
                    props.append(
                        OSCAL.Property(
                            "organization-defined-parameter", "\(parameter) = \(days) days", class: mapping.framework,
                            remarks: override.map {
                                "By override '\($0)' of the policy, for the users that it matches."
                            }))
                }
                if let parameter = mapping.parameter, let limit = test.parameters.first {
                    define(parameter, limit.days)
                    for other in assessment.otherLimits(of: test.id) {
                        define(parameter, other.days, by: other.override)
                    }
                }
                if let parameter = mapping.dueParameter {
                    define(parameter, policy.rules.dueOfUnusedKey)
                    for other in assessment.otherDueDays { define(parameter, other.days, by: other.override) }
                }
            }
        }
        return props
    }

    private func writeItems(of subjects: Subjects, to json: inout JSONWriter) {
        let form = OSCAL.InventoryItemForm(of: [OSCAL.ImplementedComponent(componentUUID: names.component.text)])
        for key in subjects.keys { form.write(KeyDetails(assessment.keys[key.index]), uuid: key.item, to: &json) }
    }

    func assessmentAssets() -> OSCAL.AssessmentAssets {
        OSCAL.AssessmentAssets(
            components: [
                OSCAL.Component(
                    uuid: names.tool, type: "software", title: KeyWitnessTool.name,
                    description: "Collector of access key evidence.",
                    props: [OSCAL.Property("version", KeyWitnessTool.version)])
            ],
            assessmentPlatforms: [
                OSCAL.AssessmentPlatform(
                    uuid: UUIDv5.of("platform", account), title: "keywitness collect",
                    usesComponents: [OSCAL.ImplementedComponent(componentUUID: names.tool)])
            ]
        )
    }

    /// The controls that some tests speak to, by framework; nil where those that are shown have none.
    func reviewedControls(of tests: [ControlTestID]) -> OSCAL.ReviewedControls? {
        let mappings = tests.flatMap(assessment.shown.mappings(of:))
        let selections = assessment.shown.frameworks.compactMap { framework -> OSCAL.ControlSelection? in
            let controls = Set(mappings.lazy.filter { $0.framework == framework.id }.map(\.control))
            guard !controls.isEmpty else { return nil }
            return OSCAL.ControlSelection(
                description: framework.title,
                includeControls: controls.sorted().map { OSCAL.ControlReference(controlID: $0) })
        }
        return selections.isEmpty ? nil : OSCAL.ReviewedControls(controlSelections: selections)
    }

    /// The controls that all tests speak to. OSCAL wants a selection, also where there is nothing to select.
    func reviewedControls() -> OSCAL.ReviewedControls {
        reviewedControls(of: assessment.tests.map(\.id))
            ?? OSCAL.ReviewedControls(controlSelections: [
                OSCAL.ControlSelection(description: "No test speaks to a control that is shown.", includeControls: nil)
            ])
    }

    private func backMatter() -> OSCAL.BackMatter {
        OSCAL.BackMatter(
            resources: files.map { file in
                OSCAL.Resource(
                    uuid: names.file(file.path), title: file.role,
                    rlinks: [
                        OSCAL.ResourceLink(
                            href: "../\(file.path)", mediaType: file.mediaType,
                            hashes: [OSCAL.Hash(value: file.sha256)])
                    ])
            }
        )
    }
}

extension Assessment {
    /// What the population was read from.
    var populationSource: String {
        switch snapshot.source {
        case .auto where snapshot.users.contains { $0.keys.source?.operation == .getCredentialReport }:
            "iam:ListUsers x iam:ListAccessKeys, iam:GetCredentialReport for users without keys"
        case .auto, .live: "iam:ListUsers x iam:ListAccessKeys"
        case .report where snapshot.users.allSatisfy { $0.keys.known.allSatisfy { $0.id == nil } }:
            "iam:GetCredentialReport"
        case .report: "iam:GetCredentialReport x iam:ListAccessKeys"
        }
    }
}

extension KeyAssessment {
    /// What tells the key from all others, in this run and the next: its id, or user, slot and creation date. An id that
    /// two users seem to have tells nothing by itself.
    var naturalKey: String {
        guard let id else { return "\(user.arn) \(label) \(key.created.iso8601)" }
        return hasSharedID ? "\(user.arn) \(id)" : id
    }

    func writeIdentity(to json: inout JSONWriter) {
        if let id {
            OSCAL.Property.Kind.accessKeyID.write(id, to: &json)
        } else if let slot {
            OSCAL.Property.Kind.accessKeySlot.write(to: &json) { $0.put(slot) }
        }
    }
}
