/// The part of NIST OSCAL's assessment-results model that we emit, version 1.2.1. Names and nesting are the model's
/// (https://pages.nist.gov/OSCAL-Reference/models/v1.2.1/assessment-results/json-reference/); an optional array is nil
/// rather than empty, because OSCAL allows no empty arrays.
package struct AssessmentResultsDocument: Encodable {
    var assessmentResults: AssessmentResults

    enum CodingKeys: String, CodingKey {
        case assessmentResults = "assessment-results"
    }
}

struct AssessmentResults: Encodable {
    var uuid: String
    var metadata: OSCAL.Metadata
    var importAP: OSCAL.Import
    var results: [OSCAL.Result]
    var backMatter: OSCAL.BackMatter

    enum CodingKeys: String, CodingKey {
        case uuid, metadata, results
        case importAP = "import-ap"
        case backMatter = "back-matter"
    }
}

/// The building blocks of OSCAL documents.
enum OSCAL {
    static let version = "1.2.1"
    /// The namespace of our own props. A prop without one is read as NIST's.
    static let namespace = "urn:keywitness:ns:oscal:1"

    struct Metadata: Encodable {
        var title: String
        var lastModified: String
        var version: String
        var oscalVersion = OSCAL.version
        var props: [Property]?
        var roles: [Role]?
        var parties: [Party]?
        var responsibleParties: [ResponsibleParty]?

        enum CodingKeys: String, CodingKey {
            case title, version, props, roles, parties
            case lastModified = "last-modified"
            case oscalVersion = "oscal-version"
            case responsibleParties = "responsible-parties"
        }
    }

    struct Role: Encodable {
        var id: String
        var title: String
    }

    struct Party: Encodable {
        var uuid: String
        var type: String
        var name: String
    }

    struct ResponsibleParty: Encodable {
        var roleID: String
        var partyUUIDs: [String]

        enum CodingKeys: String, CodingKey {
            case roleID = "role-id"
            case partyUUIDs = "party-uuids"
        }
    }

    struct Import: Encodable {
        var href: String
        var remarks: String?
    }

    struct Property: Encodable {
        var name: String
        var ns: String? = OSCAL.namespace
        var value: String
        var `class`: String?
        var remarks: String?

        /// A prop of ours. OSCAL's values have no white space at either end and no line break, and are never empty.
        init(_ name: String, _ value: String, class: String? = nil, remarks: String? = nil) {
            let words = value.split(whereSeparator: \.isWhitespace)
            self.name = name
            self.value = words.isEmpty ? "none" : words.joined(separator: " ")
            self.class = `class`
            self.remarks = remarks
        }
    }

    struct Link: Encodable {
        var href: String
        var rel: String
    }

    struct Status: Encodable {
        var state: String
    }

    struct Result: Encodable {
        var uuid: String
        var title: String
        var description: String
        var start: String
        var end: String
        var props: [Property]
        var localDefinitions: LocalDefinitions
        var reviewedControls: ReviewedControls
        var observations: [Observation]
        var risks: [Risk]?
        var findings: [Finding]

        enum CodingKeys: String, CodingKey {
            case uuid, title, description, start, end, props, observations, risks, findings
            case localDefinitions = "local-definitions"
            case reviewedControls = "reviewed-controls"
        }
    }

    struct LocalDefinitions: Encodable {
        var components: [Component]
        var inventoryItems: [InventoryItem]?
        var assessmentAssets: AssessmentAssets

        enum CodingKeys: String, CodingKey {
            case components
            case inventoryItems = "inventory-items"
            case assessmentAssets = "assessment-assets"
        }
    }

    struct Component: Encodable {
        var uuid: String
        var type: String
        var title: String
        var description: String
        var props: [Property]?
        var status = Status(state: "operational")
    }

    struct InventoryItem: Encodable {
        var uuid: String
        var description: String
        var props: [Property]
        var implementedComponents: [ImplementedComponent]

        enum CodingKeys: String, CodingKey {
            case uuid, description, props
            case implementedComponents = "implemented-components"
        }
    }

    struct ImplementedComponent: Encodable {
        var componentUUID: String

        enum CodingKeys: String, CodingKey {
            case componentUUID = "component-uuid"
        }
    }

    struct AssessmentAssets: Encodable {
        var components: [Component]
        var assessmentPlatforms: [AssessmentPlatform]

        enum CodingKeys: String, CodingKey {
            case components
            case assessmentPlatforms = "assessment-platforms"
        }
    }

    struct AssessmentPlatform: Encodable {
        var uuid: String
        var title: String
        var usesComponents: [ImplementedComponent]

        enum CodingKeys: String, CodingKey {
            case uuid, title
            case usesComponents = "uses-components"
        }
    }

    struct ReviewedControls: Encodable {
        var controlSelections: [ControlSelection]

        enum CodingKeys: String, CodingKey {
            case controlSelections = "control-selections"
        }
    }

    struct ControlSelection: Encodable {
        var description: String
        var includeControls: [ControlReference]

        enum CodingKeys: String, CodingKey {
            case description
            case includeControls = "include-controls"
        }
    }

    struct ControlReference: Encodable {
        var controlID: String

        enum CodingKeys: String, CodingKey {
            case controlID = "control-id"
        }
    }

    struct BackMatter: Encodable {
        var resources: [Resource]
    }

    struct Resource: Encodable {
        var uuid: String
        var title: String
        var description: String?
        var rlinks: [ResourceLink]?
    }

    struct ResourceLink: Encodable {
        var href: String
        var mediaType: String
        var hashes: [Hash]

        enum CodingKeys: String, CodingKey {
            case href, hashes
            case mediaType = "media-type"
        }
    }

    struct Hash: Encodable {
        var algorithm = "SHA-256"
        var value: String
    }
}
