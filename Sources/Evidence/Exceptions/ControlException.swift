package import FoundationEssentials

/// A failure that somebody answers for, for a time: it stays a failure and doesn't fail the run.
/// `evidence-schemas/exceptions.schema.json` says what each field means.
package struct ControlException: Sendable, Equatable {
    /// The ticket in which it was decided; names the exception in reports.
    package var ticket: String
    package var subject: Subject
    /// The accounts in which it holds, by their ids; empty for every account. In another one there may be somebody else of the
    /// same name.
    package var accounts: [String]
    package var tests: [ControlTestID]
    package var kind: Kind
    /// Who answers for the risk.
    package var owner: String
    /// Who agreed to it.
    package var approver: String
    package var reason: String
    /// From when on it holds.
    package var created: Date
    /// From when on it doesn't any more.
    package var expires: Date

    package init(
        ticket: String, subject: Subject, accounts: [String] = [], tests: [ControlTestID], kind: Kind, owner: String,
        approver: String, reason: String, created: Date, expires: Date
    ) {
        self.ticket = ticket
        self.subject = subject
        self.accounts = accounts
        self.tests = tests
        self.kind = kind
        self.owner = owner
        self.approver = approver
        self.reason = reason
        self.created = created
        self.expires = expires
    }

    package enum Subject: Sendable, Equatable {
        /// One key, by its id.
        case key(String)
        /// A user and all its keys.
        case user(String)
        /// Users of a kind and all their keys.
        case users(UserPattern)
        case rootUser
        /// What is about the account as a whole.
        case account

        /// The kinds of things that it can be about.
        var scopes: Set<SubjectScope> {
            switch self {
            case .key: [.accessKey]
            case .user, .users: [.accessKey, .user]
            case .rootUser: [.rootUser]
            case .account: [.account]
            }
        }

        /// `key AKIA…`
        package var text: String {
            switch self {
            case .key(let id): "key \(id)"
            case .user(let name): "user \(name)"
            case .users(let pattern): pattern.text
            case .rootUser: "root user"
            case .account: "account"
            }
        }
    }

    package enum Kind: String, Sendable, CaseIterable {
        case acceptedRisk = "accepted-risk"
        case falsePositive = "false-positive"
        case compensatingControl = "compensating-control"
    }

    /// Whether it holds at an instant, for whom it is about where that is somebody.
    func state(for principal: Principal?, at asOf: Date) -> ExceptionMatch.State {
        if asOf >= expires { return .expired }
        if asOf < created { return .notYetInForce }
        if let principal, isApproved(by: principal) { return .selfApproved }
        return .inForce
    }

    /// Nobody approves an exception for themselves.
    func isApproved(by principal: Principal) -> Bool {
        let name = approver.lowercased()
        return name == principal.name.lowercased() || name == principal.arn.lowercased()
    }
}

extension UserPattern {
    /// `users svc-* with tag type = service`
    package var text: String {
        var parts: [String] = []
        if !names.isEmpty { parts.append("users \(names.map(\.text).joined(separator: ", "))") }
        if !paths.isEmpty { parts.append("path \(paths.map(\.text).joined(separator: ", "))") }
        if !tags.isEmpty {
            parts.append("tag " + tags.map { "\($0.key) = \($0.value.text)" }.joined(separator: " and "))
        }
        return parts.joined(separator: ", ")
    }
}

/// An exception that is about a failure, and whether it holds.
package struct ExceptionMatch: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        case inForce = "in-force"
        case expired
        case notYetInForce = "not-yet-in-force"
        /// Its approver is the user whom it is about, and so it doesn't hold.
        case selfApproved = "self-approved"
    }

    /// Apart, as it is large, and rare: very many verdicts have room for one.
    private let shared: Shared<ControlException>
    package let state: State

    package init(exception: ControlException, state: State) {
        shared = Shared(exception)
        self.state = state
    }

    package var exception: ControlException { shared.value }
}

extension ExceptionMatch {
    /// That there is an exception, and whether it holds.
    var sentence: String {
        let kind = exception.kind.rawValue
        let day = exception.expires.iso8601
        return switch state {
        case .inForce: "Exception \(exception.ticket) (\(kind)), approved by \(exception.approver), holds until \(day)."
        case .expired: "Exception \(exception.ticket) (\(kind)) expired on \(day)."
        case .notYetInForce: "Exception \(exception.ticket) (\(kind)) holds from \(exception.created.iso8601) on."
        case .selfApproved: "Exception \(exception.ticket) doesn't hold: its approver is whom it is about."
        }
    }
}
