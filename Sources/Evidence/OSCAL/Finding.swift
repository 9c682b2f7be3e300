import CanonicalJSON

extension OSCAL {
    struct Observation: JSONWritable {
        private static let methods = JSONFragment(["TEST"])

        var uuid: String
        var title: String
        var description: String
        var props: [Property]
        var types: [String]
        var origins: JSONFragment
        var subjects: [Subject]
        var relevantEvidence: [RelevantEvidence]
        var collected: String
        var expires: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("collected", collected)
                json.member("description", description)
                json.member("expires", expires)
                json.name("methods")
                Self.methods.write(to: &json)
                json.member("origins", origins)
                json.member("props", props)
                json.member("relevant-evidence", relevantEvidence)
                json.member("subjects", subjects)
                json.member("title", title)
                json.member("types", types)
                json.member("uuid", uuid)
            }
        }
    }

    struct Origin: JSONWritable {
        var actors: [Actor]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("actors", actors)
            }
        }
    }

    struct Actor: JSONWritable {
        var type = "tool"
        var actorUUID: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("actor-uuid", actorUUID)
                json.member("type", type)
            }
        }
    }

    struct Subject: JSONWritable {
        var subjectUUID: String
        var type: String
        var title: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("subject-uuid", subjectUUID)
                json.member("title", title)
                json.member("type", type)
            }
        }
    }

    struct RelevantEvidence: JSONWritable {
        var href: String
        var description: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("description", description)
                json.member("href", href)
            }
        }
    }

    struct Finding: JSONWritable {
        var uuid: String
        var title: String
        var description: String
        /// Props that it has in common with others, before its own.
        var commonProps = JSONFragment(elements: [Property]())
        var props: [Property]
        /// Those of its observations, where it has none of its own.
        var origins: JSONFragment?
        /// A ``Target``.
        var target: JSONFragment
        var relatedObservations: [RelatedObservation]
        var relatedRisks: [RelatedRisk]?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("description", description)
                json.member("origins", origins)
                json.name("props")
                json.array { json in
                    commonProps.write(to: &json)
                    for prop in props { prop.write(to: &json) }
                }
                json.member("related-observations", relatedObservations)
                json.member("related-risks", relatedRisks)
                json.member("target", target)
                json.member("title", title)
                json.member("uuid", uuid)
            }
        }
    }

    struct Target: JSONWritable {
        /// `objective-id` or `statement-id`.
        var type: String
        var targetID: String
        var status: ObjectiveStatus

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("status", status)
                json.member("target-id", targetID)
                json.member("type", type)
            }
        }
    }

    /// OSCAL knows `satisfied` and `not-satisfied` only; what could not be determined is `not-satisfied` with reason
    /// `other`.
    struct ObjectiveStatus: JSONWritable {
        var state: String
        var reason: String
        var remarks: String?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("reason", reason)
                json.member("remarks", remarks)
                json.member("state", state)
            }
        }
    }

    struct RelatedObservation: JSONWritable {
        private static let template = JSONTemplate([], last: "observation-uuid")
        var observationUUID: String

        func write(to json: inout JSONWriter) {
            Self.template.write(observationUUID, to: &json)
        }
    }

    struct RelatedRisk: JSONWritable {
        private static let template = JSONTemplate([], last: "risk-uuid")
        var riskUUID: String

        func write(to json: inout JSONWriter) {
            Self.template.write(riskUUID, to: &json)
        }
    }

    struct Risk: JSONWritable {
        var uuid: String
        var title: String
        var description: String
        var statement: String
        var status: String
        var props: [Property]
        var origins: JSONFragment
        var deadline: String?
        var remediations: [Remediation]
        var relatedObservations: [RelatedObservation]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("deadline", deadline)
                json.member("description", description)
                json.member("origins", origins)
                json.member("props", props)
                json.member("related-observations", relatedObservations)
                json.member("remediations", remediations)
                json.member("statement", statement)
                json.member("status", status)
                json.member("title", title)
                json.member("uuid", uuid)
            }
        }
    }

    struct Remediation: JSONWritable {
        var uuid: String
        var lifecycle = "recommendation"
        var title: String
        var description: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("description", description)
                json.member("lifecycle", lifecycle)
                json.member("title", title)
                json.member("uuid", uuid)
            }
        }
    }
}
