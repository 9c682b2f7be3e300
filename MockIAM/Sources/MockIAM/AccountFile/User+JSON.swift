package import CanonicalJSON
import FoundationEssentials
import StrictYAML

extension MockIAM.User: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("created", created.iso8601Instant)
            json.member("deleted", deleted?.iso8601Instant)
            json.member("id", id)
            json.member("keys", accessKeys.unlessEmpty)
            json.member("mfa", mfaDevices.unlessEmpty)
            json.member("name", name)
            json.member("password", password)
            json.member("path", path, unless: path == "/")
            json.member("service_credentials", serviceSpecificCredentials.unlessEmpty)
            json.member("signing_certificates", signingCertificates.unlessEmpty)
            json.member("ssh_public_keys", sshPublicKeys.unlessEmpty)
            json.member("tags", tags.unlessEmpty)
        }
    }
}

extension MockIAM.Password: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("changed", changed?.iso8601Instant)
            json.member("created", created.iso8601Instant)
            json.member("last_used", lastUsed?.iso8601Instant)
            json.member("reset_required", resetRequired ? true : nil)
        }
    }
}

extension MockIAM.AccessKey: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("changed", changed?.iso8601Instant)
            json.member("created", created.iso8601Instant)
            json.member("deleted", deleted?.iso8601Instant)
            json.member("earlier_use", earlierUse)
            json.member("id", id)
            json.member("last_used", lastUse)
            json.member("secret", secret)
            json.member("status", status, unless: status == "Active")
        }
    }
}

extension MockIAM.LastUse: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("at", date.iso8601Instant)
            json.member("region", region)
            json.member("service", service)
        }
    }
}

/// Tags are written as a list, as AWS has them: an object would sort them.
extension MockIAM.Tag: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("key", key)
            json.member("value", value)
        }
    }
}

extension MockIAM.MFADevice: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("enabled", enabled.iso8601Instant)
            json.member("serial", serialNumber)
        }
    }
}

extension MockIAM.SigningCertificate: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("body", body)
            json.member("id", id)
            json.member("status", status, unless: status == "Active")
            json.member("uploaded", uploaded.iso8601Instant)
        }
    }
}

extension MockIAM.SSHPublicKey: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("status", status, unless: status == "Active")
            json.member("uploaded", uploaded.iso8601Instant)
        }
    }
}

extension MockIAM.ServiceSpecificCredential: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("created", created.iso8601Instant)
            json.member("credential_alias", credentialAlias)
            json.member("expires", expires?.iso8601Instant)
            json.member("id", id)
            json.member("service", service)
            json.member("service_user_name", serviceUserName)
            json.member("status", status, unless: status == "Active")
        }
    }
}
