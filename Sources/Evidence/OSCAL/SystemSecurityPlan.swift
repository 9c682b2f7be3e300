package import CanonicalJSON

/// The part of OSCAL's system-security-plan model that a plan needs to resolve: a stub that says it is one.
package struct SystemSecurityPlanDocument: JSONWritable {
    private static let stub = "A stub, so that the assessment plan resolves; put the system's own plan in its place."

    var uuid: String
    var metadata: OSCAL.Metadata
    var account: String
    var systemID: String
    var userUUID: String
    var componentUUID: String
    var requirements: [OSCAL.ImplementedRequirement]

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.name("system-security-plan")
            json.object { json in
                json.name("control-implementation")
                json.object { json in
                    json.member("description", Self.stub)
                    json.member("implemented-requirements", requirements)
                }
                json.member("import-profile", OSCAL.Import(href: "./profile.json"))
                json.member("metadata", metadata)
                json.name("system-characteristics")
                json.object { writeCharacteristics(to: &$0) }
                json.name("system-implementation")
                json.object { writeImplementation(to: &$0) }
                json.member("uuid", uuid)
            }
        }
    }

    private func writeCharacteristics(to json: inout JSONWriter) {
        json.name("authorization-boundary")
        json.object { $0.member("description", "AWS account \(account)") }
        json.member("description", Self.stub)
        json.name("status")
        json.object { $0.member("state", "operational") }
        json.name("system-ids")
        json.array { json in
            json.object { json in
                json.member("id", systemID)
                json.member("identifier-type", "https://ietf.org/rfc/rfc4122")
            }
        }
        json.name("system-information")
        json.object { json in
            json.name("information-types")
            json.array { json in
                json.object { json in
                    json.member("description", Self.stub)
                    json.member("title", "Access keys")
                }
            }
        }
        json.member("system-name", "AWS account \(account)")
    }

    private func writeImplementation(to json: inout JSONWriter) {
        json.member(
            "components",
            [
                OSCAL.Component(
                    uuid: componentUUID, type: "this-system", title: "AWS account \(account)", description: Self.stub)
            ])
        json.name("users")
        json.array { json in
            json.object { json in
                json.name("role-ids")
                json.array(["prepared-by"])
                json.member("title", "IAM administrators")
                json.member("uuid", userUUID)
            }
        }
    }
}

extension OSCAL {
    struct ImplementedRequirement: JSONWritable {
        var uuid: String
        var controlID: String
        var byComponentUUID: String
        var componentUUID: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.name("by-components")
                json.array { json in
                    json.object { json in
                        json.member("component-uuid", componentUUID)
                        json.member("description", "Not described in this stub.")
                        json.member("uuid", byComponentUUID)
                    }
                }
                json.member("control-id", controlID)
                json.member("uuid", uuid)
            }
        }
    }
}
