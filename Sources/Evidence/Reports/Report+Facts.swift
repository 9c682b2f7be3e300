package import CanonicalJSON

/// Where facts come from, as the report says it.
extension Report {
    struct KeyFacts: JSONWritable {
        /// Existence, status and creation date.
        var status: Provenance
        var last_use: Provenance?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("last_use", orNull: last_use)
                json.member("status", status)
            }
        }
    }

    struct UserFacts: JSONWritable {
        var user: Provenance
        /// The list of keys, which may be empty.
        var access_keys: Provenance?
        var console_access: Provenance?
        /// Where what was asked for besides comes from; nothing where it wasn't asked for, or could not be read.
        var optional: OptionalFacts

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("access_keys", orNull: access_keys)
                json.member("console_access", orNull: console_access)
                json.member("mfa_devices", optional.mfaDevices?.provenance)
                json.member("service_specific_credentials", optional.serviceSpecificCredentials?.provenance)
                json.member("signing_certificates", optional.signingCertificates?.provenance)
                json.member("ssh_public_keys", optional.sshPublicKeys?.provenance)
                json.member("tags", optional.tags?.provenance)
                json.member("user", user)
            }
        }
    }

    struct RootUser: JSONWritable {
        private let facts: Evidence.RootUser
        private let hasKeys: Bool?

        init(_ snapshot: AccountSnapshot) {
            facts = snapshot.root
            hasKeys = RootFacts(snapshot).hasKeys
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                if let keys = facts.keys {
                    json.name("access_keys")
                    json.array { json in for key in keys { RootKey(key: key).write(to: &json) } }
                } else {
                    json.member("access_keys", orNull: String?.none)
                }
                json.member("has_access_keys", orNull: hasKeys)
                json.member("has_mfa", orNull: facts.hasMFA)
                json.member("summary", orNull: facts.summary)
            }
        }
    }

    /// A key of the root user: the credential report has no ids, and AWS tells them nowhere else.
    private struct RootKey: JSONWritable {
        var key: AccessKey

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("access_key_slot", key.slot)
                json.member("created_date", key.created)
                json.member("facts", KeyFacts(status: key.listed, last_use: key.lastUse.source))
                switch key.lastUse {
                case .read(.used(let date, let service, let region), _):
                    json.member("last_used_date", date)
                    json.member("last_used_region", region)
                    json.member("last_used_service", service)
                    json.member("never_used", false)
                case .read(.never, _):
                    json.member("last_used_date", orNull: String?.none)
                    json.member("last_used_region", orNull: String?.none)
                    json.member("last_used_service", orNull: String?.none)
                    json.member("never_used", true)
                case .undetermined:
                    json.member("last_used_date", orNull: String?.none)
                    json.member("last_used_region", orNull: String?.none)
                    json.member("last_used_service", orNull: String?.none)
                    json.member("never_used", orNull: Bool?.none)
                }
                json.member("status", key.status.name)
            }
        }
    }
}

extension Provenance: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.verbatim { json in
            json.literal("{\"as_of\":\"")
            json.put(asOf)
            if let exchange {
                json.literal("\",\"exchange\":")
                json.put(exchange)
                if !furtherExchanges.isEmpty {
                    json.literal(",\"further_exchanges\":[")
                    for (place, further) in furtherExchanges.enumerated() {
                        if place > 0 { json.literal(",") }
                        json.put(further)
                    }
                    json.literal("]")
                }
                json.literal(",\"source\":\"")
            } else {
                json.literal("\",\"source\":\"")
            }
            json.put(plain: operation.rawValue)
            json.literal("\"}")
        }
    }
}

extension Reading: JSONWritable where Value: JSONWritable {
    /// The value, or null with nothing more: what went wrong stands among the failures.
    package func write(to json: inout JSONWriter) {
        switch self {
        case .read(let value, _): value.write(to: &json)
        case .failed, .notAsked: json.null()
        }
    }
}

extension OptionalFacts.Tag: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("key", key)
            json.member("value", value)
        }
    }
}

extension LongLivedCredential: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("created_date", created)
            json.member("expiration_date", expires)
            json.member("id", id)
            json.member("service", service)
            json.member("status", status)
        }
    }
}
