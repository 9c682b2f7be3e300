import CanonicalJSON
import FoundationEssentials

/// The parts of `report.json` that facts are in. Properties are named as JSON has them.
struct ReportFile: Decodable {
    var metadata: Metadata
    var analysis_results: AnalysisResults
    var completeness: Completeness
    var root_user: Root
    var control_tests: [TestResult]
    var compliance_assessment: ComplianceAssessment

    struct Metadata: Decodable {
        var account_id: String
        var account_partition: String
        var caller_arn: String
        var aws_region: String
        var aws_profile: String?
        var assessment_date: Instant
        var as_of_source: AsOfSource
        var tool_version: String
        var collection_started: Instant
        var collection_ended: Instant
        var frameworks: [String]
        var exceptions: FileReference?
    }

    struct FileReference: Decodable {
        var sha256: String
    }

    struct AnalysisResults: Decodable {
        var user_analysis: [User]
        /// What can't be known is null.
        var summary: [String: Double?]
    }

    struct TestResult: Decodable {
        var test: String
        var conclusion: String
        var fails_run: Bool
        var subjects_satisfied: Int
        var subjects_failed: Int
        var subjects_excepted: Int
        var subjects_undetermined: Int
    }

    struct ComplianceAssessment: Decodable {
        var overall_status: String
        var soc2_cc6_1_status: String
        var nist_ia_4_status: String
        var controls: [Control]

        struct Control: Decodable {
            var framework: String
            var control: String
            var status: String
        }
    }

    struct Completeness: Decodable {
        var source: CollectionSource
        var user_list_complete: Bool
        var user_list_pages: Int
        var failures: [Failure]
        var population_notes: [Note]
        var requests: [String: Int]
        var retries: Int
        var errors: [String: Int]
        var throttles: Int
        var clock_skew_seconds: Int?
        var credential_report: CredentialReport?
        var account_summary: AccountSummary?
    }

    struct AccountSummary: Decodable {
        var as_of: Instant
        var exchange: Int?
        var root_has_access_keys: Bool?
        var users: Int?
        var users_at_end: Int?

        var reading: Reading<SummaryFacts> {
            .read(
                SummaryFacts(users: users, usersAtEnd: users_at_end),
                Provenance(.getAccountSummary, asOf: as_of.date, exchange: exchange))
        }
    }

    struct CredentialReport: Decodable {
        var generated_time: Instant
        var exchange: Int?
        var users: Int
        var keys: Int
        var made_during_run: Bool

        var reading: Reading<ReportFacts> {
            .read(
                ReportFacts(users: users, keys: keys, wasMadeDuringRun: made_during_run),
                Provenance(.getCredentialReport, asOf: generated_time.date, exchange: exchange))
        }
    }

    struct Failure: Decodable {
        var fact: FactKind
        var operation: String
        var subject: String
        /// Missing in reports of before it was told.
        var subject_type: ReadSubject.Kind?
        var code: String
        var message: String
        var exchange: Int?

        var failure: ReadFailure {
            ReadFailure(
                fact: fact, operation: operation,
                subject: ReadSubject(
                    subject_type, name: subject, isOfKeys: [.lastUse, .keyStatus].contains(fact)),
                code: ReadFailure.Code(rawValue: code),
                message: message, exchange: exchange)
        }
    }

    struct Note: Decodable {
        var kind: PopulationNote.Kind
        var subject: String
        /// Missing in reports of before it was told.
        var subject_type: ReadSubject.Kind?
        var observed: String
        var explanation: String?
        var exchanges: [Int]

        var note: PopulationNote {
            PopulationNote(
                kind: kind,
                subject: ReadSubject(subject_type, name: subject, isOfKeys: kind.rawValue.hasPrefix("key-")),
                observed: observed,
                explanation: explanation, exchanges: exchanges)
        }
    }

    struct Source: Decodable {
        var source: Provenance.Operation
        var as_of: Instant
        var exchange: Int?
        var further_exchanges: [Int]?

        var provenance: Provenance {
            Provenance(source, asOf: as_of.date, exchange: exchange, furtherExchanges: further_exchanges ?? [])
        }
    }

    struct Root: Decodable {
        var access_keys: [Key]?
        var has_mfa: Bool?
        var summary: Source?

        /// `has_access_keys` says it by either source, the account summary for itself.
        func root(_ accountSummary: AccountSummary?) -> RootUser {
            RootUser(
                accessKeysPresent: accountSummary?.root_has_access_keys, hasMFA: has_mfa, summary: summary?.provenance,
                keys: access_keys.map { $0.map { $0.key { _, _ in nil } } })
        }
    }

    struct User: Decodable {
        var username: String
        var user_id: String?
        var arn: String
        var user_created: Instant
        var has_console_access: Bool?
        var password_last_used: Instant?
        var access_keys_listed: Bool
        var access_keys: [Key]
        var control_tests: [Verdict]
        var facts: Facts
        var tags: Optionally<Tag>?
        var mfa_devices: Optionally<Credential>?
        var service_specific_credentials: Optionally<Credential>?
        var signing_certificates: Optionally<Credential>?
        var ssh_public_keys: Optionally<Credential>?

        struct Facts: Decodable {
            var user: Source
            var access_keys: Source?
            var console_access: Source?
            var mfa_devices: Source?
            var service_specific_credentials: Source?
            var signing_certificates: Source?
            var ssh_public_keys: Source?
            var tags: Source?
        }

        private enum CodingKeys: String, CodingKey {
            case username, user_id, arn, user_created, has_console_access, password_last_used, access_keys_listed
            case access_keys, control_tests, facts, tags, mfa_devices, service_specific_credentials,
                signing_certificates
            case ssh_public_keys
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            username = try values.decode(String.self, forKey: .username)
            user_id = try values.decodeIfPresent(String.self, forKey: .user_id)
            arn = try values.decode(String.self, forKey: .arn)
            user_created = try values.decode(Instant.self, forKey: .user_created)
            has_console_access = try values.decodeIfPresent(Bool.self, forKey: .has_console_access)
            password_last_used = try values.decodeIfPresent(Instant.self, forKey: .password_last_used)
            access_keys_listed = try values.decode(Bool.self, forKey: .access_keys_listed)
            access_keys = try values.decode([Key].self, forKey: .access_keys)
            control_tests = try values.decode([Verdict].self, forKey: .control_tests)
            facts = try values.decode(Facts.self, forKey: .facts)
            try values.check(has_console_access != nil, facts.console_access, forKey: .has_console_access)
            try values.check(access_keys_listed, facts.access_keys, forKey: .access_keys_listed)
            func optional<Value: Decodable>(_ key: CodingKeys, from source: Source?) throws -> Optionally<Value>? {
                // Not there: nobody asked. Null: it could not be read.
                guard values.contains(key) else { return nil }
                guard let list = try values.decodeIfPresent([Value].self, forKey: key) else { return .failed }
                guard let source else {
                    throw DecodingError.dataCorruptedError(
                        forKey: key, in: values, debugDescription: "facts doesn't say where it comes from")
                }
                return .read(list, source.provenance)
            }
            tags = try optional(.tags, from: facts.tags)
            mfa_devices = try optional(.mfa_devices, from: facts.mfa_devices)
            service_specific_credentials = try optional(
                .service_specific_credentials, from: facts.service_specific_credentials)
            signing_certificates = try optional(.signing_certificates, from: facts.signing_certificates)
            ssh_public_keys = try optional(.ssh_public_keys, from: facts.ssh_public_keys)
        }

        func user(_ failure: (FactKind, ReadSubject) -> ReadFailure) -> IAMUser {
            let subject = ReadSubject.user(username)
            // Each with its source, or without: that was looked at when they were read.
            let console = facts.console_access.flatMap { source in
                has_console_access.map { Fact.read($0, source.provenance) }
            }
            let keys = facts.access_keys.map { source in
                Fact.read(access_keys.map { $0.key(failure) }, source.provenance)
            }
            var user = IAMUser(
                name: username, id: user_id, arn: arn, created: user_created.date,
                passwordLastUsed: password_last_used?.date,
                consoleAccess: console ?? .undetermined(failure(.consoleAccess, subject)),
                keys: keys ?? .undetermined(failure(.population, subject)), listed: facts.user.provenance)
            func reading<Value, Item>(
                _ value: Optionally<Value>?, _ fact: FactKind, _ make: (Value) -> Item
            ) -> Reading<[Item]>? {
                switch value {
                case .read(let values, let source)?: .read(values.map(make), source)
                case .failed?: .failed(failure(fact, subject))
                case nil: nil
                }
            }
            user.optional.tags = reading(tags, .tags) { OptionalFacts.Tag(key: $0.key, value: $0.value) }
            user.optional.mfaDevices = reading(mfa_devices, .mfaDevices, \.credential)
            user.optional.serviceSpecificCredentials = reading(
                service_specific_credentials, .serviceSpecificCredentials, \.credential)
            user.optional.signingCertificates = reading(
                signing_certificates, .signingCertificates, \.credential)
            user.optional.sshPublicKeys = reading(ssh_public_keys, .sshPublicKeys, \.credential)
            return user
        }
    }

    /// What was asked for: read, or not to be had.
    enum Optionally<Value> {
        case read([Value], Provenance)
        case failed
    }

    struct Credential: Decodable {
        var id: String
        var status: String?
        var created_date: Instant?
        var expiration_date: Instant?
        var service: String?

        var credential: LongLivedCredential {
            LongLivedCredential(
                id: id, status: status, created: created_date?.date, expires: expiration_date?.date, service: service)
        }
    }

    struct Tag: Decodable {
        var key: String
        var value: String
    }

    struct Key: Decodable {
        var access_key_id: String?
        var access_key_slot: Int?
        var status: String
        var created_date: Instant
        var last_used_date: Instant?
        var last_used_service: String?
        var last_used_region: String?
        var never_used: Bool?
        var facts: Facts
        var risk_level = ""
        var age_days: Int?
        var days_since_last_used: Int?
        var control_tests: [Verdict] = []

        struct Facts: Decodable {
            var status: Source
            var last_use: Source?
        }

        private enum CodingKeys: String, CodingKey {
            case access_key_id, access_key_slot, status, created_date, last_used_date, last_used_service
            case last_used_region, never_used, facts, risk_level, age_days, days_since_last_used, control_tests
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            access_key_id = try values.decodeIfPresent(String.self, forKey: .access_key_id)
            access_key_slot = try values.decodeIfPresent(Int.self, forKey: .access_key_slot)
            status = try values.decode(String.self, forKey: .status)
            created_date = try values.decode(Instant.self, forKey: .created_date)
            last_used_date = try values.decodeIfPresent(Instant.self, forKey: .last_used_date)
            last_used_service = try values.decodeIfPresent(String.self, forKey: .last_used_service)
            last_used_region = try values.decodeIfPresent(String.self, forKey: .last_used_region)
            never_used = try values.decodeIfPresent(Bool.self, forKey: .never_used)
            facts = try values.decode(Facts.self, forKey: .facts)
            try values.check(last_used_date != nil || never_used == true, facts.last_use, forKey: .never_used)
            // The root user's keys have none of their own.
            risk_level = try values.decodeIfPresent(String.self, forKey: .risk_level) ?? ""
            age_days = try values.decodeIfPresent(Int.self, forKey: .age_days)
            days_since_last_used = try values.decodeIfPresent(Int.self, forKey: .days_since_last_used)
            control_tests = try values.decodeIfPresent([Verdict].self, forKey: .control_tests) ?? []
        }

        var label: String { AccessKey.label(id: access_key_id, slot: access_key_slot) }

        func key(_ failure: (FactKind, ReadSubject) -> ReadFailure?) -> AccessKey {
            let use =
                last_used_date.map { date in
                    LastUse.used(at: date.date, service: last_used_service ?? "", region: last_used_region ?? "")
                } ?? .never
            // With a source it is known: that was looked at when it was read.
            let lastUse = facts.last_use.map { Fact.read(use, $0.provenance) }
            return AccessKey(
                id: access_key_id, slot: access_key_slot, status: KeyStatus(status), created: created_date.date,
                lastUse: lastUse
                    ?? .undetermined(
                        failure(.lastUse, .accessKey(label))
                            ?? ReadFailure(
                                fact: .lastUse, operation: "unknown", subject: .accessKey(label), code: .undetermined,
                                message: "the report doesn't say why", exchange: nil)),
                listed: facts.status.provenance)
        }
    }

    struct Verdict: Decodable {
        var test: String
        var conclusion: String

        var text: String { "\(test) \(conclusion)" }
    }

    /// As reports write it.
    struct Instant: Decodable {
        var date: Date

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = Date(iso8601Instant: text) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no instant")
            }
            self.date = date
        }
    }
}

extension KeyedDecodingContainer {
    /// - Throws: where a fact is known and nothing says where it comes from, or the other way round.
    fileprivate func check(_ isKnown: Bool, _ source: ReportFile.Source?, forKey key: Key) throws {
        guard isKnown != (source != nil) else { return }
        throw DecodingError.dataCorruptedError(
            forKey: key, in: self,
            debugDescription: isKnown
                ? "facts doesn't say where it comes from" : "it isn't known, and facts says where it comes from")
    }
}

extension ReadSubject {
    /// - Parameters:
    ///   - kind: nil where a report doesn't tell it: then it is what such a name most often means.
    ///   - isOfKeys: whether it is said of something that is about keys, as a rule.
    fileprivate init(_ kind: Kind?, name: String, isOfKeys: Bool) {
        let usual: Kind = name == Kind.account.rawValue ? .account : isOfKeys ? .accessKey : .user
        self.init(kind ?? usual, name: name)
    }
}
