import CanonicalJSON
import FoundationEssentials

extension OSCAL {
    /// What is at risk, and what is to be done about it.
    protocol AtRisk {
        var uuid: UUIDv5 { get }
        /// Of the recommended response.
        var remediation: UUIDv5 { get }
        func putTitle(to json: inout JSONWriter)
        func putDescription(to json: inout JSONWriter)
        func putStatement(to json: inout JSONWriter)
        func putResponse(to json: inout JSONWriter)
        /// Whether exceptions answer for all of it.
        var isApproved: Bool { get }
        var deadline: Date? { get }
        func writeProps(to json: inout JSONWriter)
        func writeObservations(to json: inout JSONWriter)
    }

    struct Risk<Content> {
        let content: Content
    }
}

extension OSCAL.Risk: JSONWritable where Content: OSCAL.AtRisk {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("deadline", content.deadline)
            json.member("description") { content.putDescription(to: &$0) }
            json.name("props")
            json.array { content.writeProps(to: &$0) }
            json.name("related-observations")
            json.array { content.writeObservations(to: &$0) }
            json.name("remediations")
            json.array { json in
                json.object { json in
                    json.member("description") { content.putResponse(to: &$0) }
                    json.member("lifecycle") { $0.literal("recommendation") }
                    json.member("title") { $0.literal("Recommended response") }
                    json.member("uuid", content.remediation)
                }
            }
            json.member("statement") { content.putStatement(to: &$0) }
            json.member("status") { $0.literal(content.isApproved ? "deviation-approved" : "open") }
            json.member("title") { content.putTitle(to: &$0) }
            json.member("uuid", content.uuid)
        }
    }
}
