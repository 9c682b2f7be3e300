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

    /// Keys.
    struct InventoryItemForm {
        private enum Gap: Int {
            case label, user, created, properties, uuid
        }

        private let form: JSONForm

        /// - Parameter components: those that keys belong to.
        init(of components: [ImplementedComponent]) {
            form = JSONForm { json in
                json.object { json in
                    json.member("description") { json in
                        json.put("AWS IAM access key ")
                        json.gap(Gap.label)
                        json.put(" of user ")
                        json.gap(Gap.user)
                    }
                    json.member("implemented-components", components)
                    json.name("props")
                    json.array { json in
                        Property.Kind.created.write(to: &json) { $0.gap(Gap.created) }
                        json.elementsGap(Gap.properties)
                    }
                    json.member("uuid", gap: Gap.uuid)
                }
            }
        }

        func write(_ details: KeyDetails, uuid: UUIDv5, to json: inout JSONWriter) {
            json.fill(form) { gap, json in
                switch Gap(rawValue: gap) {
                case .label: json.put(details.label)
                case .user: json.put(details.userName)
                case .created: json.put(details.key.created)
                case .properties:
                    details.assessed.writeIdentity(to: &json)
                    Property.Kind.iamUser.write(details.userName, to: &json)
                    Property.Kind.iamUserARN.write(details.userARN, to: &json)
                    Property.Kind.status.write(details.key.status.name, to: &json)
                case .uuid: uuid.put(to: &json)
                case nil: break
                }
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
