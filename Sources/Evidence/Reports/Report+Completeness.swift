import CanonicalJSON
import FoundationEssentials

extension Report {
    /// What was read, by which way, what it was compared with, and what could not be read.
    struct Completeness: JSONWritable {
        let assessment: Assessment

        init(_ assessment: Assessment) {
            self.assessment = assessment
        }

        func write(to json: inout JSONWriter) {
            let snapshot = assessment.snapshot
            let traffic = snapshot.traffic
            json.object { json in
                json.member("account_summary", orNull: AccountSummaryReading(snapshot))
                json.member("as_of_gap_days", assessment.asOfGap?.days)
                json.member("clock_skew_seconds", traffic.clockSkew)
                json.member("complete", assessment.isComplete)
                json.member("credential_report", orNull: CredentialReportReading(snapshot))
                json.member("duplicates", snapshot.listedTwice)
                json.member("errors", traffic.errors)
                json.member("facts", assessment.factSources.counts)
                json.member("failures", failures)
                json.member("keys_with_doubtful_dates", assessment.doubtfulKeys)
                json.member("needed_facts", assessment.neededFacts.map(\.rawValue).sorted())
                json.member("population", Population(assessment))
                json.member("population_notes", snapshot.notes)
                json.member("requests", traffic.requests)
                json.member("requests_total", traffic.total)
                json.member("retries", traffic.retries)
                json.member("source", snapshot.source.rawValue)
                json.member("throttles", traffic.throttles)
                json.member("user_list_complete", snapshot.userListing.isComplete)
                json.member("user_list_pages", snapshot.userListing.pages)
                json.member("users_listed", snapshot.usersListed)
                json.member("users_with_unknown_keys", Population(assessment).failed)
            }
        }

        private var failures: [Failure] {
            let needed = assessment.neededFacts
            return assessment.snapshot.failures.map { Failure(failure: $0, isNeeded: needed.contains($0.fact)) }
        }
    }

    /// How many there are, and how many there should be.
    struct Population: JSONWritable {
        let snapshot: AccountSnapshot
        /// Users whose keys aren't known.
        let failed: Int
        private let keys: Int
        private let asOf: Date?

        init(_ assessment: Assessment) {
            snapshot = assessment.snapshot
            asOf = assessment.populationAsOf
            failed = snapshot.users.count { !$0.keys.isRead }
            keys = assessment.keys.count
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("as_of", asOf?.iso8601)
                json.member("keys", keys)
                json.member("keys_expected_by_credential_report", orNull: snapshot.credentialReport.value?.keys)
                json.member("keys_vanished", snapshot.notes.count { $0.kind == .keyVanished })
                json.member("sampling", "none")
                json.member("users", snapshot.users.count)
                json.member("users_described", snapshot.users.count - failed)
                json.member("users_expected_by_account_summary", orNull: snapshot.accountSummary.value?.expectedUsers)
                json.member("users_expected_by_credential_report", orNull: snapshot.credentialReport.value?.users)
                json.member("users_failed", failed)
                json.member("users_vanished", snapshot.notes.count { $0.kind == .userVanished })
            }
        }
    }

    struct Failure: JSONWritable {
        var failure: ReadFailure
        /// Whether risk levels or control tests depend on it.
        var isNeeded: Bool

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("code", failure.code.rawValue)
                json.member("exchange", failure.exchange)
                json.member("fact", failure.fact.rawValue)
                json.member("message", failure.message)
                json.member("needed", isNeeded)
                json.member("operation", failure.operation)
                failure.subject.writeMembers(to: &json)
            }
        }
    }

    /// The account summary that the population was compared with; it doesn't exist where there was none.
    struct AccountSummaryReading: JSONWritable {
        var facts: SummaryFacts
        var source: Provenance
        var rootHasAccessKeys: Bool?

        init?(_ snapshot: AccountSnapshot) {
            guard case .read(let facts, let source) = snapshot.accountSummary else { return nil }
            self.facts = facts
            self.source = source
            rootHasAccessKeys = snapshot.root.accessKeysPresent
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("as_of", source.asOf.iso8601)
                json.member("exchange", source.exchange)
                json.member("root_has_access_keys", orNull: rootHasAccessKeys)
                json.member("users", orNull: facts.users)
                json.member("users_at_end", facts.usersAtEnd)
            }
        }
    }

    /// The credential report that the population was compared with; it doesn't exist where there was none.
    struct CredentialReportReading: JSONWritable {
        var facts: ReportFacts
        var source: Provenance
        /// When the run ended, less when the report was made.
        var age: Int

        init?(_ snapshot: AccountSnapshot) {
            guard case .read(let facts, let source) = snapshot.credentialReport else { return nil }
            self.facts = facts
            self.source = source
            age = Int(snapshot.age(at: source.asOf))
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("age_seconds", age)
                json.member("exchange", source.exchange)
                json.member("generated_time", source.asOf.iso8601)
                json.member("keys", facts.keys)
                json.member("made_during_run", facts.wasMadeDuringRun)
                json.member("users", facts.users)
            }
        }
    }
}

extension AccountSnapshot {
    /// How many users were named by the list of users, or by the credential report where that is the population; those who
    /// were deleted before they could be read among them.
    var usersListed: Int {
        let population = source == .report ? Provenance.Operation.getCredentialReport : .listUsers
        return users.count { $0.listed.operation == population } + notes.count { $0.kind == .userVanished }
    }

    /// How many users and keys were listed twice, or stand for two.
    var listedTwice: Int {
        failures.count { $0.fact == .population && ($0.code == .listedTwice || $0.code == .duplicate) }
    }
}
