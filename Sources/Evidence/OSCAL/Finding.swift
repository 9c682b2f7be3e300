extension OSCAL {
    struct Observation: Encodable {
        var uuid: String
        var title: String
        var description: String
        var props: [Property]
        var methods = ["TEST"]
        var types: [String]
        var origins: [Origin]
        var subjects: [Subject]
        var relevantEvidence: [RelevantEvidence]
        var collected: String
        var expires: String

        enum CodingKeys: String, CodingKey {
            case uuid, title, description, props, methods, types, origins, subjects, collected, expires
            case relevantEvidence = "relevant-evidence"
        }
    }

    struct Origin: Encodable {
        var actors: [Actor]
    }

    struct Actor: Encodable {
        var type = "tool"
        var actorUUID: String

        enum CodingKeys: String, CodingKey {
            case type
            case actorUUID = "actor-uuid"
        }
    }

    struct Subject: Encodable {
        var subjectUUID: String
        var type: String
        var title: String

        enum CodingKeys: String, CodingKey {
            case type, title
            case subjectUUID = "subject-uuid"
        }
    }

    struct RelevantEvidence: Encodable {
        var href: String
        var description: String
    }

    struct Finding: Encodable {
        var uuid: String
        var title: String
        var description: String
        var props: [Property]
        var origins: [Origin]
        var target: Target
        var relatedObservations: [RelatedObservation]
        var relatedRisks: [RelatedRisk]?

        enum CodingKeys: String, CodingKey {
            case uuid, title, description, props, origins, target
            case relatedObservations = "related-observations"
            case relatedRisks = "related-risks"
        }
    }

    struct Target: Encodable {
        /// `objective-id` or `statement-id`.
        var type: String
        var targetID: String
        var status: ObjectiveStatus

        enum CodingKeys: String, CodingKey {
            case type, status
            case targetID = "target-id"
        }
    }

    /// OSCAL knows `satisfied` and `not-satisfied` only; what could not be determined is `not-satisfied` with reason
    /// `other`.
    struct ObjectiveStatus: Encodable {
        var state: String
        var reason: String
        var remarks: String?
    }

    struct RelatedObservation: Encodable {
        var observationUUID: String

        enum CodingKeys: String, CodingKey {
            case observationUUID = "observation-uuid"
        }
    }

    struct RelatedRisk: Encodable {
        var riskUUID: String

        enum CodingKeys: String, CodingKey {
            case riskUUID = "risk-uuid"
        }
    }

    struct Risk: Encodable {
        var uuid: String
        var title: String
        var description: String
        var statement: String
        var status = "open"
        var props: [Property]
        var origins: [Origin]
        var deadline: String?
        var remediations: [Remediation]
        var relatedObservations: [RelatedObservation]

        enum CodingKeys: String, CodingKey {
            case uuid, title, description, statement, status, props, origins, deadline, remediations
            case relatedObservations = "related-observations"
        }
    }

    struct Remediation: Encodable {
        var uuid: String
        var lifecycle = "recommendation"
        var title: String
        var description: String
    }
}
