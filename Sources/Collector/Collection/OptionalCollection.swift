import AWSClient
import Evidence

/// Reads what `--include` or a policy asks for about one user.
struct OptionalCollection: Sendable {
    let client: CollectionClient
    let clock: CollectionClock
    let user: String

    func readTags(_ findings: inout UserFindings) async {
        findings.user.optional.tags = await list(
            ListUserTags(userName: user), .listUserTags, .tags, &findings, id: \.key
        ) {
            OptionalFacts.Tag(key: $0.key, value: $0.value)
        }
    }

    /// All that is asked for but the tags.
    func collect(_ include: Set<OptionalSource>, _ findings: inout UserFindings) async {
        var facts = findings.user.optional
        defer { findings.user.optional = facts }
        if include.contains(.mfaDevices) {
            facts.mfaDevices = await list(
                ListMFADevices(userName: user), .listMFADevices, .mfaDevices, &findings, id: \.id
            ) {
                LongLivedCredential(id: $0.serialNumber, created: $0.enableDate)
            }
        }
        if include.contains(.serviceSpecificCredentials) {
            facts.serviceSpecificCredentials = await list(
                ListServiceSpecificCredentials(userName: user), .listServiceSpecificCredentials,
                .serviceSpecificCredentials, &findings, id: \.id
            ) {
                LongLivedCredential(
                    id: $0.id, status: $0.status, created: $0.createDate, expires: $0.expirationDate,
                    service: $0.serviceName)
            }
        }
        if include.contains(.signingCertificates) {
            facts.signingCertificates = await list(
                ListSigningCertificates(userName: user), .listSigningCertificates, .signingCertificates, &findings,
                id: \.id
            ) {
                LongLivedCredential(id: $0.id, status: $0.status, created: $0.uploadDate)
            }
        }
        if include.contains(.sshPublicKeys) {
            facts.sshPublicKeys = await list(
                ListSSHPublicKeys(userName: user), .listSSHPublicKeys, .sshPublicKeys, &findings, id: \.id
            ) {
                LongLivedCredential(id: $0.id, status: $0.status, created: $0.uploadDate)
            }
        }
    }

    private func list<Op: UserListOperation, Value>(
        _ operation: Op, _ source: Provenance.Operation, _ fact: FactKind, _ findings: inout UserFindings,
        id: (Value) -> String, _ value: (Op.Item) -> Value
    ) async -> Reading<[Value]> {
        do throws(AWSError) {
            let list = try await client.list(operation)
            var values: [Value] = []
            var seen: Set<String> = []
            for (item, receipt) in list.items {
                let value = value(item)
                if seen.insert(id(value)).inserted {
                    values.append(value)
                } else {
                    findings.failures.append(
                        ReadFailure(
                            listedTwice: "'\(id(value))'", fact: fact, operation: Op.name, subject: .user(user),
                            exchange: receipt?.number))
                }
            }
            return .read(values, Provenance(source, list.pages, clock))
        } catch {
            let failure = ReadFailure(error, fact: fact, subject: .user(user))
            findings.failures.append(failure)
            // What a user has none of is an empty list: this is about the user.
            if error.code == .noSuchEntity {
                findings.gone = ReadFailure(error, fact: .population, subject: .user(user))
            }
            return .failed(failure)
        }
    }
}
