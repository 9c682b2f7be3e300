package import CanonicalJSON

/// The part of NIST OSCAL's assessment-results model that we emit, version 1.2.1. Names and nesting are the model's
/// (https://pages.nist.gov/OSCAL-Reference/models/v1.2.1/assessment-results/json-reference/); an optional array is nil
/// rather than empty, because OSCAL allows no empty arrays.
package struct AssessmentResultsDocument: JSONWritable {
    var assessmentResults: AssessmentResults

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("assessment-results", assessmentResults)
        }
    }
}

struct AssessmentResults: JSONWritable {
    var uuid: String
    var metadata: OSCAL.Metadata
    var importAP: OSCAL.Import
    var results: [OSCAL.Result]
    var backMatter: OSCAL.BackMatter

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("back-matter", backMatter)
            json.member("import-ap", importAP)
            json.member("metadata", metadata)
            json.member("results", results)
            json.member("uuid", uuid)
        }
    }
}

/// The building blocks of OSCAL documents.
enum OSCAL {
    static let version = "1.2.1"
    /// The namespace of our own props. A prop without one is read as NIST's.
    static let namespace = "urn:keywitness:ns:oscal:1"

    struct Metadata: JSONWritable {
        var title: String
        var lastModified: String
        var version: String
        var oscalVersion = OSCAL.version
        var props: [Property]?
        var roles: [Role]?
        var parties: [Party]?
        var responsibleParties: [ResponsibleParty]?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("last-modified", lastModified)
                json.member("oscal-version", oscalVersion)
                json.member("parties", parties)
                json.member("props", props)
                json.member("responsible-parties", responsibleParties)
                json.member("roles", roles)
                json.member("title", title)
                json.member("version", version)
            }
        }
    }

    struct Role: JSONWritable {
        var id: String
        var title: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("id", id)
                json.member("title", title)
            }
        }
    }

    struct Party: JSONWritable {
        var uuid: String
        var type: String
        var name: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("name", name)
                json.member("type", type)
                json.member("uuid", uuid)
            }
        }
    }

    struct ResponsibleParty: JSONWritable {
        var roleID: String
        var partyUUIDs: [String]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("party-uuids", partyUUIDs)
                json.member("role-id", roleID)
            }
        }
    }

    struct Import: JSONWritable {
        var href: String
        var remarks: String?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("href", href)
                json.member("remarks", remarks)
            }
        }
    }

    struct Property: JSONWritable {
        var name: String
        var ns: String? = OSCAL.namespace
        var value: String
        var `class`: String?
        var remarks: String?

        /// A prop of ours. OSCAL's values have no white space at either end and no line break, and are never empty.
        init(_ name: String, _ value: String, class: String? = nil, remarks: String? = nil) {
            self.name = name
            self.value = Self.spaced(value)
            self.class = `class`
            self.remarks = remarks
        }

        private static func spaced(_ value: String) -> String {
            // Ids, instants and numbers, which most values are.
            if !value.isEmpty, value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) { return value }
            let words = value.split(whereSeparator: \.isWhitespace)
            return words.isEmpty ? "none" : words.joined(separator: " ")
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("class", `class`)
                json.member("name", name)
                json.member("ns", ns)
                json.member("remarks", remarks)
                json.member("value", value)
            }
        }
    }

    struct Link: JSONWritable {
        var href: String
        var rel: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("href", href)
                json.member("rel", rel)
            }
        }
    }

    struct Status: JSONWritable {
        var state: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("state", state)
            }
        }
    }

    struct Result: JSONWritable {
        var uuid: String
        var title: String
        var description: String
        var start: String
        var end: String
        var props: [Property]
        var localDefinitions: LocalDefinitions
        var reviewedControls: ReviewedControls
        var observations: Elements
        var risks: Elements?
        var findings: Elements

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("description", description)
                json.member("end", end)
                json.member("findings", findings)
                json.member("local-definitions", localDefinitions)
                json.member("observations", observations)
                json.member("props", props)
                json.member("reviewed-controls", reviewedControls)
                json.member("risks", risks)
                json.member("start", start)
                json.member("title", title)
                json.member("uuid", uuid)
            }
        }
    }

    /// The elements of a long array, made one after the other as they are written: of an account with many keys they
    /// would take several times the memory of the document itself.
    struct Elements: JSONWritable {
        let writeAll: (inout JSONWriter) -> Void

        init(_ writeAll: @escaping (inout JSONWriter) -> Void) {
            self.writeAll = writeAll
        }

        func write(to json: inout JSONWriter) {
            json.array(writeAll)
        }
    }

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

    struct InventoryItem: JSONWritable {
        var uuid: String
        var description: String
        var props: [Property]
        var implementedComponents: [ImplementedComponent]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("description", description)
                json.member("implemented-components", implementedComponents)
                json.member("props", props)
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

    struct ReviewedControls: JSONWritable {
        var controlSelections: [ControlSelection]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("control-selections", controlSelections)
            }
        }
    }

    struct ControlSelection: JSONWritable {
        var description: String
        var includeControls: [ControlReference]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("description", description)
                json.member("include-controls", includeControls)
            }
        }
    }

    struct ControlReference: JSONWritable {
        var controlID: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("control-id", controlID)
            }
        }
    }

    struct BackMatter: JSONWritable {
        var resources: [Resource]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("resources", resources)
            }
        }
    }

    struct Resource: JSONWritable {
        var uuid: String
        var title: String
        var description: String?
        var rlinks: [ResourceLink]?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("description", description)
                json.member("rlinks", rlinks)
                json.member("title", title)
                json.member("uuid", uuid)
            }
        }
    }

    struct ResourceLink: JSONWritable {
        var href: String
        var mediaType: String
        var hashes: [Hash]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("hashes", hashes)
                json.member("href", href)
                json.member("media-type", mediaType)
            }
        }
    }

    struct Hash: JSONWritable {
        var algorithm = "SHA-256"
        var value: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("algorithm", algorithm)
                json.member("value", value)
            }
        }
    }
}
