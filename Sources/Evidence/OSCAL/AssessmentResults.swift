package import CanonicalJSON

/// The part of NIST OSCAL's assessment-results model that we emit. Names and nesting are the model's
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
    /// The namespace of our own props. A prop without one is read as NIST's.
    static let namespace = "urn:keywitness:oscal:1"

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
        /// Nil for all that there are.
        var includeControls: [ControlReference]?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("description", description)
                if includeControls == nil {
                    json.name("include-all")
                    json.object { _ in }
                }
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
}
