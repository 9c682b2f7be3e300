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
        let names: OSCALNames
        /// The UUID of the recording among the back matter's resources.
        let recording: String
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
        var title: String

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
        json.object { json in
            json.member("collected", names.collected)
            json.member("description") { content.putDescription(to: &$0) }
            json.member("expires", names.expires)
            json.name("methods")
            json.array { json in json.string { $0.literal("TEST") } }
            json.member("origins", names.origins)
            json.name("props")
            json.array { content.writeProps(to: &$0) }
            json.name("relevant-evidence")
            json.array { json in
                json.object { json in
                    json.member("description") { content.putEvidence(to: &$0) }
                    json.member("href") { json in
                        json.literal("#")
                        json.put(recording)
                    }
                }
            }
            json.name("subjects")
            json.array { content.writeSubject(to: &$0) }
            json.member("title") { content.putTitle(to: &$0) }
            json.name("types")
            json.array { json in json.string { $0.literal(content.type) } }
            json.member("uuid", content.uuid)
        }
    }
}
