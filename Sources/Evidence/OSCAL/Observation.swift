import CanonicalJSON

extension OSCAL {
    /// What an observation is about, and what it says.
    protocol Observed {
        var uuid: UUIDv5 { get }
        /// Such as `discovery`.
        var type: StaticString { get }
        func putTitle(to json: inout JSONWriter)
        func putDescription(to json: inout JSONWriter)
        func writeProps(to json: inout JSONWriter)
        /// Where in the recording it can be seen.
        func putEvidence(to json: inout JSONWriter)
        func writeSubject(to json: inout JSONWriter)
    }

    struct Observation<Content> {
        let content: Content
        let form: ObservationForm
    }

    /// What all observations of a run have in common.
    struct ObservationForm {
        fileprivate enum Gap: Int {
            case description, props, evidence, subjects, title, type, uuid
        }

        fileprivate let form: JSONForm

        /// - Parameter recording: the UUID of the recording among the back matter's resources.
        init(_ names: OSCALNames, recording: String) {
            form = JSONForm { json in
                json.object { json in
                    json.member("collected", names.collected)
                    json.member("description", gap: Gap.description)
                    json.member("expires", names.expires)
                    json.member("methods", ["TEST"])
                    json.member("origins", names.origins)
                    json.member("props", valueGap: Gap.props)
                    json.name("relevant-evidence")
                    json.array { json in
                        json.object { json in
                            json.member("description", gap: Gap.evidence)
                            json.member("href", "#\(recording)")
                        }
                    }
                    json.member("subjects", valueGap: Gap.subjects)
                    json.member("title", gap: Gap.title)
                    json.name("types")
                    json.array { json in json.string { $0.gap(Gap.type) } }
                    json.member("uuid", gap: Gap.uuid)
                }
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

    /// What an observation looked at.
    struct Subject: JSONWritable {
        var subjectUUID: UUIDv5
        var type: StaticString
        /// Nil where what it leads to says enough.
        var title: String?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("subject-uuid", subjectUUID)
                json.member("title", title)
                json.member("type") { $0.literal(type) }
            }
        }
    }
}

extension OSCAL.Observation: JSONWritable where Content: OSCAL.Observed {
    func write(to json: inout JSONWriter) {
        json.fill(form.form) { gap, json in
            switch OSCAL.ObservationForm.Gap(rawValue: gap) {
            case .description: content.putDescription(to: &json)
            case .props: json.array { content.writeProps(to: &$0) }
            case .evidence: content.putEvidence(to: &json)
            case .subjects: json.array { content.writeSubject(to: &$0) }
            case .title: content.putTitle(to: &json)
            case .type: json.literal(content.type)
            case .uuid: content.uuid.put(to: &json)
            case nil: break
            }
        }
    }
}
