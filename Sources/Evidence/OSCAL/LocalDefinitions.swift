import CanonicalJSON

/// What a result is about, and what it was made with.
extension OSCAL {
    struct LocalDefinitions: JSONWritable {
        var components: [Component]
        var inventoryItems: Elements?
        var assessmentAssets: AssessmentAssets

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("assessment-assets", assessmentAssets)
                json.member("components", components)
                json.member("inventory-items", inventoryItems)
            }
        }
    }

    struct Component: JSONWritable {
        var uuid: String
        var type: String
        var title: String
        var description: String
        var props: [Property]?
        var status = Status(state: "operational")

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("description", description)
                json.member("props", props)
                json.member("status", status)
                json.member("title", title)
                json.member("type", type)
                json.member("uuid", uuid)
            }
        }
    }

    /// A key.
    struct InventoryItem: JSONWritable {
        let uuid: UUIDv5
        let details: KeyDetails
        /// A list of ``ImplementedComponent``.
        let implementedComponents: JSONFragment

        func write(to json: inout JSONWriter) {
            let (key, user) = (details.key, details.userName)
            json.object { json in
                json.member("description") { json in
                    json.literal("AWS IAM access key ")
                    json.put(details.label)
                    json.literal(" of user ")
                    json.put(user)
                }
                json.member("implemented-components", implementedComponents)
                json.name("props")
                json.array { json in
                    details.assessed.writeIdentity(to: &json)
                    Property.Kind.iamUser.write(user, to: &json)
                    Property.Kind.iamUserARN.write(details.userARN, to: &json)
                    Property.Kind.status.write(key.status.name, to: &json)
                    Property.Kind.created.write(to: &json) { $0.put(key.created) }
                }
                json.member("uuid", uuid)
            }
        }
    }

    struct ImplementedComponent: JSONWritable {
        var componentUUID: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("component-uuid", componentUUID)
            }
        }
    }

    struct AssessmentAssets: JSONWritable {
        var components: [Component]
        var assessmentPlatforms: [AssessmentPlatform]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("assessment-platforms", assessmentPlatforms)
                json.member("components", components)
            }
        }
    }

    struct AssessmentPlatform: JSONWritable {
        var uuid: String
        var title: String
        var usesComponents: [ImplementedComponent]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("title", title)
                json.member("uses-components", usesComponents)
                json.member("uuid", uuid)
            }
        }
    }
}
