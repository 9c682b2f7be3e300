import CanonicalJSON

extension OSCAL {
    /// What is said about a control. Those about keys are written by a form.
    struct Finding: JSONWritable {
        var uuid: UUIDv5
        var title: String
        var description: String
        var props: [Property]
        var origins: JSONFragment
        var target: Target
        var observations: [UUIDv5]
        var risks: [UUIDv5]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("description", description)
                json.member("origins", origins)
                json.member("props", props)
                json.name("related-observations")
                json.array { json in
                    for observation in observations { RelatedObservation(observation).write(to: &json) }
                }
                if !risks.isEmpty {
                    json.name("related-risks")
                    json.array { json in
                        for risk in risks { RelatedRisk(risk).write(to: &json) }
                    }
                }
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
        let observationUUID: UUIDv5

        init(_ observationUUID: UUIDv5) {
            self.observationUUID = observationUUID
        }

        func write(to json: inout JSONWriter) {
            json.object(Self.template) { observationUUID.put(to: &$0) }
        }
    }

    struct RelatedRisk: JSONWritable {
        private static let template = JSONTemplate([], last: "risk-uuid")
        let riskUUID: UUIDv5

        init(_ riskUUID: UUIDv5) {
            self.riskUUID = riskUUID
        }

        func write(to json: inout JSONWriter) {
            json.object(Self.template) { riskUUID.put(to: &$0) }
        }
    }
}
