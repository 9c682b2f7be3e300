import CanonicalJSON

/// What every OSCAL document begins with, and the parts that all of them share.
extension OSCAL {
    struct Metadata: JSONWritable {
        var title: String
        var lastModified: String
        var version: String
        var oscalVersion: String
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

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("href", href)
            }
        }
    }

    struct Property: JSONWritable {
        private let kind: Kind
        private let value: String

        /// All properties of a name, but for their values. Those of keys are made once: a large account has a million.
        struct Kind {
            fileprivate let template: JSONTemplate

            /// A kind of ours.
            init(_ name: String, class: String? = nil, remarks: String? = nil) {
                self.init(name, ns: OSCAL.namespace, class: `class`, remarks: remarks)
            }

            fileprivate init(_ name: String, ns: String?, class: String?, remarks: String?) {
                let members = [("class", `class`), ("name", name), ("ns", ns), ("remarks", remarks)]
                template = JSONTemplate(members.compactMap { name, value in value.map { (name, $0) } }, last: "value")
            }

            func write(_ value: String, to json: inout JSONWriter) {
                template.write(Property.spaced(value), to: &json)
            }

            /// One whose value is put together, of parts that OSCAL takes as they are.
            func write(to json: inout JSONWriter, parts: (inout JSONWriter) -> Void) {
                json.object(template, parts)
            }
        }

        private init(_ kind: Kind, _ value: String) {
            self.kind = kind
            self.value = Self.spaced(value)
        }

        /// A prop of ours. OSCAL's values have no white space at either end and no line break, and are never empty.
        init(_ name: String, _ value: String, class: String? = nil, remarks: String? = nil) {
            self.init(Kind(name, class: `class`, remarks: remarks), value)
        }

        /// One of NIST's own.
        init(nist name: String, _ value: String) {
            self.init(Kind(name, ns: nil, class: nil, remarks: nil), value)
        }

        fileprivate static func spaced(_ value: String) -> String {
            // Ids, names, instants and numbers, which nearly all values are.
            if value.isPrintableWord { return value }
            var last = UInt8(ascii: " ")
            let isPlain = value.utf8.allSatisfy { byte in
                defer { last = byte }
                return byte < 0x7f && (byte > 0x20 || byte == 0x20 && last != 0x20)
            }
            if isPlain, last != 0x20 { return value }
            let words = value.split(whereSeparator: \.isWhitespace)
            return words.isEmpty ? "none" : words.joined(separator: " ")
        }

        func write(to json: inout JSONWriter) {
            kind.template.write(value, to: &json)
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
}
