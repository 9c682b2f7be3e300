import FoundationEssentials

extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html. Tags are not in it, as the page says.
    static let listUsers = QueryOperation(
        .iam, "ListUsers", of: .users,
        reading: { parameters throws(AWSError) in
            (pathPrefix: parameters.text("PathPrefix", .pathPrefix), page: try PageParameters(of: &parameters))
        }
    ) { call, asked, result throws(AWSError) in
        let page = try call.page(asked.page, of: [asked.pathPrefix ?? "/"])
        let (users, next) = call.account.users(on: page, pathPrefix: asked.pathPrefix, at: call.now)
        result.pagination(page, next: next)
        let account = call.account
        result.list("Users", of: users) { result, user in
            result.members(of: user, in: account)
        }
    }
}

extension ServedAccount {
    /// The users on a page, and the position of the last one where more follow. By name and not by number, so that a
    /// user that vanishes between two pages takes no other with it.
    func users(
        on page: Page, pathPrefix: String?, at now: Date
    ) -> (users: [MockIAM.User], next: String?) {
        var found: [MockIAM.User] = []
        found.reserveCapacity(min(page.limit, users.count))
        for user in users[(page.after.map(index(afterPosition:)) ?? 0)...] where user.isThere(at: now) {
            if let pathPrefix, !user.path.hasPrefix(pathPrefix) { continue }
            if found.count == page.limit { return (found, found.last.map(\.name.position)) }
            found.append(user)
        }
        return (found, nil)
    }

    private func index(afterPosition position: String) -> Int {
        guard position.hasPrefix(String.hashMark) else { return index(after: position) }
        return users.firstIndex { $0.name.position == position }.map { $0 + 1 } ?? users.count
    }
}

extension String {
    /// No name begins with it that IAM would allow.
    fileprivate static let hashMark = "#"

    /// Of a user in the list: the name, or where that is longer than IAM would allow, a hash of it. A marker has 320
    /// characters at most, which is 212 bytes without what encryption adds.
    fileprivate var position: String {
        utf8.count <= 200 && !hasPrefix(Self.hashMark) ? self : Self.hashMark + String(stableHash, radix: 36)
    }
}

extension ResultXML {
    /// The members of IAM's `User` that ListUsers has.
    mutating func members(of user: MockIAM.User, in account: ServedAccount) {
        field("Path", user.path)
        field("UserName", user.name)
        field("UserId", account.userID(of: user))
        field("Arn", account.arn(of: user))
        field("CreateDate", user.created)
        // Only for users that have a password, and have used it.
        field("PasswordLastUsed", user.password?.lastUsed)
    }

    mutating func tags(of user: MockIAM.User) {
        list("Tags", of: user.tags) { result, tag in
            result.field("Key", tag.key)
            result.field("Value", tag.value)
        }
    }
}
