package import CanonicalJSON

/// The part of OSCAL's assessment-plan model that we emit.
package struct AssessmentPlanDocument: JSONWritable {
    var uuid: String
    var metadata: OSCAL.Metadata
    var importSSP: OSCAL.Import
    var activities: [OSCAL.Activity]
    var reviewedControls: OSCAL.ReviewedControls
    var subjects: [OSCAL.AssessmentSubject]
    var assets: OSCAL.AssessmentAssets
    var task: OSCAL.Task

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.name("assessment-plan")
            json.object { json in
                json.member("assessment-assets", assets)
                json.member("assessment-subjects", subjects)
                json.member("import-ssp", importSSP)
                json.name("local-definitions")
                json.object { $0.member("activities", activities) }
                json.member("metadata", metadata)
                json.member("reviewed-controls", reviewedControls)
                json.member("tasks", [task])
                json.member("uuid", uuid)
            }
        }
    }
}

extension OSCAL {
    struct Activity: JSONWritable {
        var uuid: String
        var title: String
        var description: String
        var props: [Property]
        /// Nil where the frameworks that are shown have none.
        var relatedControls: ReviewedControls?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("description", description)
                json.member("props", props)
                json.member("related-controls", relatedControls)
                json.member("title", title)
                json.member("uuid", uuid)
            }
        }
    }

    /// All of a kind: there is no sampling.
    struct AssessmentSubject: JSONWritable {
        var type: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.name("include-all")
                json.object { _ in }
                json.member("type", type)
            }
        }
    }

    struct Task: JSONWritable {
        var uuid: String
        var title: String
        var activities: [String]
        var subjects: [AssessmentSubject]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.name("associated-activities")
                json.array { json in
                    for activity in activities {
                        json.object { json in
                            json.member("activity-uuid", activity)
                            json.member("subjects", subjects)
                        }
                    }
                }
                json.name("timing")
                json.object { json in
                    json.name("at-frequency")
                    json.object { json in
                        json.member("period", 1)
                        json.member("unit", "days")
                    }
                }
                json.member("title", title)
                json.member("type", "action")
                json.member("uuid", uuid)
            }
        }
    }
}
