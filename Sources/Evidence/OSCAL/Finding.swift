import CanonicalJSON

extension OSCAL {
    /// What a finding is about, and what it says.
    protocol Found {
        var uuid: UUIDv5 { get }
        func putTitle(to json: inout JSONWriter)
        func putDescription(to json: inout JSONWriter)
        func writeProps(to json: inout JSONWriter)
        /// Those of its observations, where it has none of its own.
        var origins: JSONFragment? { get }
        /// A ``Target``.
        var target: JSONFragment { get }
        func writeObservations(to json: inout JSONWriter)
        var hasRisks: Bool { get }
        func writeRisks(to json: inout JSONWriter)
    }

    struct Finding<Content> {
        let content: Content
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

extension OSCAL.Finding: JSONWritable where Content: OSCAL.Found {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("description") { content.putDescription(to: &$0) }
            json.member("origins", content.origins)
            json.name("props")
            json.array { content.writeProps(to: &$0) }
            json.name("related-observations")
            json.array { content.writeObservations(to: &$0) }
            if content.hasRisks {
                json.name("related-risks")
                json.array { content.writeRisks(to: &$0) }
            }
            json.member("target", content.target)
            json.member("title") { content.putTitle(to: &$0) }
            json.member("uuid", content.uuid)
        }
    }
}
