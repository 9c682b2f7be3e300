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

    /// What all risks have in common.
    private enum RiskForm {
        enum Gap: Int {
            case deadline, description, props, observations, response, remediation, statement, status, title, uuid
        }

        static let withDeadline = form(hasDeadline: true)
        static let withoutDeadline = form(hasDeadline: false)

        private static func form(hasDeadline: Bool) -> JSONForm {
            JSONForm { json in
                json.object { json in
                    if hasDeadline { json.member("deadline", gap: Gap.deadline) }
                    json.member("description", gap: Gap.description)
                    json.member("props", valueGap: Gap.props)
                    json.member("related-observations", valueGap: Gap.observations)
                    json.name("remediations")
                    json.array { json in
                        json.object { json in
                            json.member("description", gap: Gap.response)
                            json.member("lifecycle", "recommendation")
                            json.member("title", "Recommended response")
                            json.member("uuid", gap: Gap.remediation)
                        }
                    }
                    json.member("statement", gap: Gap.statement)
                    json.member("status", gap: Gap.status)
                    json.member("title", gap: Gap.title)
                    json.member("uuid", gap: Gap.uuid)
                }
            }
        }
    }
}

extension OSCAL.Risk: JSONWritable where Content: OSCAL.AtRisk {
    func write(to json: inout JSONWriter) {
        let deadline = content.deadline
        let form = deadline == nil ? OSCAL.RiskForm.withoutDeadline : OSCAL.RiskForm.withDeadline
        json.fill(form) { gap, json in
            switch OSCAL.RiskForm.Gap(rawValue: gap) {
            case .deadline: if let deadline { json.put(deadline) }
            case .description: content.putDescription(to: &json)
            case .props: json.array { content.writeProps(to: &$0) }
            case .observations: json.array { content.writeObservations(to: &$0) }
            case .response: content.putResponse(to: &json)
            case .remediation: content.remediation.put(to: &json)
            case .statement: content.putStatement(to: &json)
            case .status: json.literal(content.isApproved ? "deviation-approved" : "open")
            case .title: content.putTitle(to: &json)
            case .uuid: content.uuid.put(to: &json)
            case nil: break
            }
        }
    }
}
