import CanonicalJSON

/// What a document refers to.
extension OSCAL {
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
        var rlinks: [ResourceLink]?

        func write(to json: inout JSONWriter) {
            json.object { json in
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
