package import CanonicalJSON
import FoundationEssentials
import StrictYAML

// What was read is written in the same form, as canonical JSON: instants absolute, derived identifiers spelled out, and
// what isn't said left out. Reading it gives the equal value.

extension MockIAM.AccountFile: JSONWritable {
    package func write(to json: inout JSONWriter) {
        if accounts.count == 1 {
            accounts[0].write(to: &json)
        } else {
            json.object { json in json.member("accounts", accounts) }
        }
    }
}

extension MockIAM.Account: JSONWritable {
    package func write(to json: inout JSONWriter) {
        let plain = MockIAM.Account(id: id)
        json.object { json in
            json.member("account", id)
            json.member("alias", alias)
            json.member("allow_invalid", isAllowedByIAM ? nil : true)
            json.member("callers", callers.unlessEmpty)
            json.member("clock", clock?.iso8601Instant)
            json.member("created", created.iso8601Instant, unless: created == plain.created)
            if credentialReport != plain.credentialReport { json.member("credential_report", credentialReport) }
            json.member("email", email, unless: email == plain.email)
            json.member("name", name, unless: name == plain.name)
            json.member("partition", partition, unless: partition == plain.partition)
            json.member("roles", roles)
            if root != plain.root { json.member("root", root) }
            if !summary.isEmpty { json.member("summary", summary) }
            json.member("users", users.unlessEmpty)
        }
    }
}

extension MockIAM.RootUser: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("keys", accessKeys.unlessEmpty)
            json.member("mfa", hasMFA)
            json.member("password_last_used", passwordLastUsed?.iso8601Instant)
        }
    }
}

extension MockIAM.Role: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("denied", denied.unlessEmpty)
            json.member("external_id", externalID)
            let longest = Duration.seconds(maximumSessionDuration)
            json.member("max_session_duration", longest.spelled, unless: maximumSessionDuration == 3600)
            json.member("mfa_serial", mfaSerial)
            json.member("name", name)
            json.member("path", path, unless: path == "/")
            json.member("trusts", trusts)
        }
    }
}

extension MockIAM.Caller: JSONWritable {
    package func write(to json: inout JSONWriter) {
        let plain = MockIAM.Caller(accessKeyID: accessKeyID, secretAccessKey: secretAccessKey)
        json.object { json in
            json.member("access_key_id", accessKeyID)
            json.member("denied", denied.unlessEmpty)
            json.member("principal", principal, unless: principal == plain.principal)
            json.member("secret_access_key", secretAccessKey)
            json.member("session_token", sessionToken)
        }
    }
}

extension MockIAM.CredentialReportPlan: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("generated", generated?.iso8601Instant)
            json.member("polls", polls)
        }
    }
}

extension JSONWriter {
    mutating func member(_ name: StaticString, _ value: String, unless isDefault: Bool) {
        member(name, isDefault ? nil : value)
    }
}

extension Array {
    var unlessEmpty: Self? { isEmpty ? nil : self }
}
