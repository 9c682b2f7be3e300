import Evidence
import Recording

extension AccountSnapshot {
    /// Something in a report that rests on a recorded exchange.
    struct Reference: Hashable {
        /// A user name, a key id, or what a failure is about.
        var subject: String
        var operation: String
        var exchange: Int
        /// The parameter of the request that says whom or what the answer is about; nil where there is none, or it isn't
        /// known.
        var about: FormParameter?
    }

    /// Every fact and every failure that names the exchange it rests on.
    var references: [Reference] {
        var references: [Reference] = []
        func add(_ subject: String, _ source: Provenance?, user: String? = nil) {
            guard let source else { return }
            for exchange in source.exchanges {
                references.append(
                    Reference(
                        subject: subject, operation: source.operation.rawValue, exchange: exchange,
                        about: source.operation.parameter(user: user, key: subject)))
            }
        }
        for user in users {
            add(user.name, user.listed)
            let optional = user.optional
            let ofUser = [
                user.keys.source, user.consoleAccess.source, optional.tags?.provenance, optional.mfaDevices?.provenance,
                optional.serviceSpecificCredentials?.provenance, optional.signingCertificates?.provenance,
                optional.sshPublicKeys?.provenance,
            ]
            for source in ofUser { add(user.name, source, user: user.name) }
            for key in user.keys.known {
                add(key.label, key.listed, user: user.name)
                add(key.label, key.lastUse.source)
            }
        }
        add("root user", root.summary)
        for key in root.keys ?? [] { add("root user", key.listed) }
        add("account summary", accountSummary.provenance)
        add("credential report", credentialReport.provenance)
        for failure in failures where failure.operation != ReadFailure.reconciliation {
            guard let exchange = failure.exchange else { continue }
            references.append(
                Reference(subject: failure.subject.name, operation: failure.operation, exchange: exchange))
        }
        return references
    }
}

extension Provenance.Operation {
    /// By which its requests say whom or what they ask about.
    ///
    /// - Parameters:
    ///   - user: the user's name; nil where it isn't known.
    ///   - key: the key's id.
    fileprivate func parameter(user: String?, key: String) -> FormParameter? {
        switch self {
        case .listUsers, .getAccountSummary, .getCredentialReport: nil
        case .getAccessKeyLastUsed: FormParameter(name: "AccessKeyId", value: key)
        case .listAccessKeys, .getLoginProfile, .listUserTags, .listMFADevices, .listServiceSpecificCredentials,
            .listSigningCertificates, .listSSHPublicKeys:
            user.map { FormParameter(name: "UserName", value: $0) }
        }
    }
}
