import FoundationEssentials
import PlainText
import StrictYAML

extension MockIAM.Account {
    private enum Key: String, CaseIterable {
        case account, partition, name, email, alias, clock, created, users, root, roles, callers, summary
        case credentialReport = "credential_report"
        case allowInvalid = "allow_invalid"
    }

    init(_ value: YAMLValue, in file: inout AccountScope) throws(YAMLError) {
        let keys = try value.mapping("an account", keys: Key.self)
        var scope = file
        let id = try keys.required(.account)
        self.init(id: try id.text())
        guard self.id.isAccountID else {
            throw id.error(expected: "the 12 digits of an account")
        }
        scope.account = self.id
        if let partition = keys[.partition] {
            self.partition = try partition.text()
            guard self.partition == "aws" || self.partition.hasPrefix("aws-") else {
                throw partition.error(expected: "a partition such as aws, aws-cn or aws-us-gov")
            }
            scope.partition = self.partition
        }
        if let name = keys[.name] { self.name = try name.text() }
        if let email = keys[.email] { self.email = try email.text() }
        if let clock = keys[.clock] { scope.clock = try clock.instant() }
        clock = scope.clock
        if let allows = keys[.allowInvalid] { scope.allowsInvalid = try allows.bool() }
        if let alias = keys[.alias] {
            let text = try alias.text()
            try scope.heed(IAMRules.objection(toAlias: text), alias)
            self.alias = text
        }
        if let created = keys[.created] { self.created = try created.instant(relativeTo: scope.instant) }
        if let users = keys[.users] { self.users = try Self.users(users, in: &scope) }
        if let root = keys[.root] { self.root = try MockIAM.RootUser(root, in: &scope) }
        if let roles = keys[.roles] { self.roles = try Self.roles(roles, in: scope) }
        if let callers = keys[.callers] { self.callers = try self.callers(callers, in: &scope) }
        if let report = keys[.credentialReport] {
            credentialReport = try MockIAM.CredentialReportPlan(report, in: scope)
        }
        if let summary = keys[.summary] { self.summary = try Self.summary(summary, in: scope) }
        file.keyIDs = scope.keyIDs
    }

    private static func users(_ value: YAMLValue, in scope: inout AccountScope) throws(YAMLError) -> [MockIAM.User] {
        let items = try value.items()
        var users: [MockIAM.User] = []
        users.reserveCapacity(items.count)
        // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html: names are unique whatever their case.
        var names = Taken("user name", ignoringCase: true)
        for item in items {
            let user = try MockIAM.User(item, in: &scope)
            try names.take(user.name, item)
            users.append(user)
        }
        return users
    }

    private static func roles(_ value: YAMLValue, in scope: AccountScope) throws(YAMLError) -> [MockIAM.Role] {
        var roles: [MockIAM.Role] = []
        var names = Taken("role name", ignoringCase: true)
        for item in try value.items() {
            let role = try MockIAM.Role(item, in: scope)
            try names.take(role.name, item)
            roles.append(role)
        }
        return roles
    }

    private func callers(_ value: YAMLValue, in scope: inout AccountScope) throws(YAMLError) -> [MockIAM.Caller] {
        var callers: [MockIAM.Caller] = []
        for item in try value.items() { callers.append(try MockIAM.Caller(item, of: self, in: &scope)) }
        return callers
    }

    private static func summary(_ value: YAMLValue, in scope: AccountScope) throws(YAMLError) -> [String: Int] {
        var summary: [String: Int] = [:]
        for (name, figure) in try value.entries() {
            guard !name.isEmpty, name.utf8.allSatisfy(\.isASCIIAlphanumeric) else {
                throw figure.error("a figure of the summary has a name of letters and digits, such as UsersQuota")
            }
            summary[name] = try figure.integer(in: 0...Int.max)
            try scope.heed(IAMRules.objection(toFigure: name), figure)
        }
        return summary
    }
}

extension MockIAM.RootUser {
    private enum Key: String, CaseIterable { case keys, mfa, passwordLastUsed = "password_last_used" }

    fileprivate init(_ value: YAMLValue, in scope: inout AccountScope) throws(YAMLError) {
        let keys = try value.mapping("the root user", keys: Key.self)
        self.init()
        if let list = keys[.keys] {
            accessKeys = try MockIAM.AccessKey.list(list, of: "<root_account>", since: nil, in: &scope)
        }
        if let mfa = keys[.mfa] { hasMFA = try mfa.bool() }
        passwordLastUsed = try keys[.passwordLastUsed]?.instantOrNever(relativeTo: scope.instant)
    }
}

extension MockIAM.CredentialReportPlan {
    private enum Key: String, CaseIterable { case generated, polls }

    fileprivate init(_ value: YAMLValue, in scope: AccountScope) throws(YAMLError) {
        let keys = try value.mapping("a credential report", keys: Key.self)
        self.init()
        if let instant = keys[.generated] {
            generated = try instant.instantOrNever(relativeTo: scope.instant)
            try scope.heed(IAMRules.objection(toReport: generated, at: scope.instant), instant)
        }
        if let polls = keys[.polls] { self.polls = try polls.integer(in: 1...1000) }
    }
}
