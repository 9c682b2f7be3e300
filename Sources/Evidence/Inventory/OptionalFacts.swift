package import FoundationEssentials

/// What `--include` asks for about a user, kind by kind.
package struct OptionalFacts: Sendable, Equatable {
    /// Nil where it wasn't asked for.
    package var tags: Reading<[Tag]>?
    package var mfaDevices: Reading<[LongLivedCredential]>?
    package var serviceSpecificCredentials: Reading<[LongLivedCredential]>?
    package var signingCertificates: Reading<[LongLivedCredential]>?
    package var sshPublicKeys: Reading<[LongLivedCredential]>?

    package init() {}

    package struct Tag: Sendable, Equatable {
        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }

        /// Whether it is the tag of a key: of users the case of keys makes no difference, and IAM keeps them as they were
        /// written. In values it does.
        ///
        /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html, Case sensitivity.
        package func hasKey(_ key: String) -> Bool { Self.isSameKey(self.key, key) }

        /// Whether two spellings are the same key.
        package static func isSameKey(_ one: String, _ other: String) -> Bool {
            one == other || one.lowercased() == other.lowercased()
        }
    }
}

/// A credential other than an access key, or a device.
package struct LongLivedCredential: Sendable, Equatable {
    /// AWS's id; a device's serial number.
    package var id: String
    /// `Active`, `Inactive`, or what AWS adds next; nil of a device.
    package var status: String?
    package var created: Date?
    package var expires: Date?
    /// The service that a service-specific credential is for.
    package var service: String?

    package init(
        id: String, status: String? = nil, created: Date? = nil, expires: Date? = nil, service: String? = nil
    ) {
        self.id = id
        self.status = status
        self.created = created
        self.expires = expires
        self.service = service
    }
}
