package import CanonicalJSON

/// The part of OSCAL's profile model that we emit.
package struct ProfileDocument: JSONWritable {
    var uuid: String
    var metadata: OSCAL.Metadata
    var imports: [OSCAL.CatalogImport]

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.name("profile")
            json.object { json in
                json.member("imports", imports)
                json.name("merge")
                json.object { $0.member("as-is", true) }
                json.member("metadata", metadata)
                json.member("uuid", uuid)
            }
        }
    }
}

/// The part of OSCAL's catalog model that we emit: identifiers, and where their texts are.
package struct IndexCatalogDocument: JSONWritable {
    var uuid: String
    var metadata: OSCAL.Metadata
    var groups: [OSCAL.CatalogGroup]

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.name("catalog")
            json.object { json in
                json.member("groups", groups)
                json.member("metadata", metadata)
                json.member("uuid", uuid)
            }
        }
    }
}

extension OSCAL {
    struct CatalogImport: JSONWritable {
        var href: String
        var controls: [String]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("href", href)
                json.name("include-controls")
                json.array { json in
                    json.object { json in
                        json.name("with-ids")
                        json.array(controls)
                    }
                }
            }
        }
    }

    struct CatalogGroup: JSONWritable {
        var id: String
        var title: String
        var controls: [CatalogControl]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("controls", controls)
                json.member("id", id)
                json.member("title", title)
            }
        }
    }

    struct CatalogControl: JSONWritable {
        var id: String
        var title: String
        var label: String
        var parts: [(id: String, isObjective: Bool)]
        var framework: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("id", id)
                json.name("parts")
                json.array { json in
                    for part in parts {
                        json.object { json in
                            json.member("id", part.id)
                            json.member("name", part.isObjective ? "assessment-objective" : "statement")
                            json.member("prose", "See \(framework), \(label). An index entry only.")
                        }
                    }
                }
                json.member("props", [Property(nist: "label", label)])
                json.member("title", title)
            }
        }
    }
}
