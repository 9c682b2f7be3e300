import CanonicalJSON
import PlainText
package import StrictYAML
import FoundationEssentials

extension ExceptionList {
    /// An exceptions file, in YAML or JSON.
    ///
    /// - Parameter terms: what the policy holds exceptions to.
    package init(reading value: YAMLValue, terms: ExceptionTerms) throws(YAMLError) {
        let file = try value.mapping("an exceptions file", keys: Key.self)
        var exceptions: [ControlException] = []
        var size = 0
        let list = try file.required(.exceptions)
        let items = try list.items()
        guard items.count <= Self.most else {
            throw list.error("a file has at most \(Self.most) exceptions, and this one \(items.count)")
        }
        for item in items {
            let exception = try ControlException(reading: item, terms: terms)
            if case .users(let pattern) = exception.subject { size += pattern.size }
            guard size <= UserPattern.mostInFile else { throw item.error(UserPattern.tooMany("exceptions")) }
            exceptions.append(exception)
        }
        self.init(exceptions)
    }

    /// More than an account has keys. Those about the same subject are compared with one another.
    private static let most = 20_000

    private enum Key: String, CaseIterable {
        case exceptions
    }
}

extension ControlException {
    fileprivate init(reading value: YAMLValue, terms: ExceptionTerms) throws(YAMLError) {
        let file = try value.mapping("an exception", keys: Key.self)
        let subject = try Subject(reading: file.required(.subject))
        var tests: [ControlTestID] = []
        let list = try file.required(.tests)
        for item in try list.items() {
            let test = try item.choice(of: ControlTestID.self)
            guard !tests.contains(test) else { throw item.error("'\(test.rawValue)' stands here twice") }
            guard subject.scopes.contains(test.scope) else {
                throw item.error(
                    "\(test.rawValue) is about \(test.scope.subjectForm), and this exception about \(subject.text)")
            }
            tests.append(test)
        }
        guard !tests.isEmpty else { throw list.error(expected: "at least one control test") }
        let accounts = try file[.accounts].map { value throws(YAMLError) in try Self.accounts(reading: value) } ?? []
        let created = try file.required(.created)
        let expires = try file.required(.expires)
        self.init(
            ticket: try file.required(.ticket).line(), subject: subject, accounts: accounts, tests: tests,
            kind: try file.required(.kind).choice(of: Kind.self), owner: try file.required(.owner).line(),
            approver: try file.required(.approver).line(), reason: try file.required(.reason).line(atMost: 2000),
            created: try created.day(), expires: try expires.day())
        guard self.expires > self.created else {
            throw expires.error("an exception expires after it was created, \(self.created.iso8601)")
        }
        let term = self.expires.timeIntervalSince(self.created) / 86_400
        guard term <= Double(terms.maximumTerm) else {
            throw expires.error(
                "a term of \(Int(term.rounded(.up))) days is too long: the policy allows \(terms.maximumTerm) days from "
                    + "created to expires")
        }
    }

    private static func accounts(reading value: YAMLValue) throws(YAMLError) -> [String] {
        let items = try value.items()
        guard !items.isEmpty else { throw value.error(expected: "at least one account id") }
        guard items.count <= mostAccounts else {
            throw value.error("an exception has at most \(mostAccounts) accounts, and this one \(items.count)")
        }
        var accounts: [String] = []
        var seen: Set<String> = []
        for item in items {
            let account = try item.text()
            guard account.utf8.count == 12, account.utf8.allSatisfy(\.isASCIIDigit) else {
                throw item.error(expected: "the id of an account, twelve digits")
            }
            guard seen.insert(account).inserted else { throw item.error("'\(account)' stands here twice") }
            accounts.append(account)
        }
        return accounts
    }

    /// More are every account.
    private static let mostAccounts = 1000

    private enum Key: String, CaseIterable {
        case ticket, subject, accounts, tests, kind, owner, approver, reason, created, expires
    }
}

extension ControlException.Subject {
    fileprivate init(reading value: YAMLValue) throws(YAMLError) {
        let file = try value.mapping("the subject of an exception", keys: Key.self)
        let given = Key.allCases.filter { file[$0] != nil }
        if let key = file[.key], given == [.key] {
            self = .key(try key.line(atMost: 128))
        } else if let user = file[.user], given == [.user] {
            self = .user(try user.line(atMost: 128))
        } else if let root = file[.rootUser], given == [.rootUser], try root.bool() {
            self = .rootUser
        } else if let account = file[.account], given == [.account], try account.bool() {
            self = .account
        } else if !given.isEmpty, Set(given).isSubset(of: [.users, .paths, .tags]) {
            self = .users(try UserPattern(value, "the subject of an exception"))
        } else {
            throw value.error(
                "a subject is one of: key: ID, user: NAME, root_user: true, account: true, or users, paths and tags "
                    + "together")
        }
    }

    private enum Key: String, CaseIterable {
        case key, user, users, paths, tags
        case rootUser = "root_user"
        case account
    }
}

extension SubjectScope {
    /// What the subject of an exception must be.
    fileprivate var subjectForm: String {
        switch self {
        case .accessKey: "keys"
        case .user: "users"
        case .rootUser: "the root user (root_user: true)"
        case .account: "the account as a whole (account: true)"
        }
    }
}

extension YAMLValue {
    /// The beginning of a day in UTC, `2026-06-30`, or an instant.
    fileprivate func day() throws(YAMLError) -> Date {
        guard let text = try? text(),
            let date = Date(iso8601Instant: text.utf8.count == 10 ? text + "T00:00:00Z" : text)
        else { throw error(expected: "a day such as 2026-06-30, or an instant such as 2026-06-30T12:00:00Z") }
        // Reports write whole seconds, and must mean the same.
        return Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
    }
}
