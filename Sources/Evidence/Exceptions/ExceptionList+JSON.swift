package import CanonicalJSON
import Crypto
import Digests

/// As exception files have it: what this writes, ``ExceptionList/init(reading:terms:)`` reads back.
extension ExceptionList: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.name("exceptions")
            json.array(exceptions)
        }
    }

    /// The list as a file, `exceptions.json` of a bundle.
    package var file: [UInt8] { CanonicalJSON.document(self) }

    /// SHA-256 of that file.
    package var digest: String { SHA256.hexadecimal(of: file) }
}

extension ControlException: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            if !accounts.isEmpty {
                json.name("accounts")
                json.array(accounts)
            }
            json.member("approver", approver)
            json.member("created", created.iso8601)
            json.member("expires", expires.iso8601)
            json.member("kind", kind.rawValue)
            json.member("owner", owner)
            json.member("reason", reason)
            json.member("subject", subject)
            json.name("tests")
            json.array(tests.map(\.rawValue))
            json.member("ticket", ticket)
        }
    }
}

extension ControlException.Subject: JSONWritable {
    package func write(to json: inout JSONWriter) {
        switch self {
        case .key(let id): json.object { $0.member("key", id) }
        case .user(let name): json.object { $0.member("user", name) }
        case .users(let pattern): pattern.write(to: &json)
        case .rootUser: json.object { $0.member("root_user", true) }
        case .account: json.object { $0.member("account", true) }
        }
    }
}
