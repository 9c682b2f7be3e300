import FoundationEssentials

/// Exceptions, and which of them is about what.
package struct ExceptionList: Sendable, Equatable {
    package let exceptions: [ControlException]
    private let byKey: [String: [Int]]
    private let byUser: [String: [Int]]
    private let patterns: [(place: Int, pattern: UserPattern)]
    private let ofRoot: [Int]
    private let ofAccount: [Int]

    package static let none = ExceptionList([])

    package init(_ exceptions: [ControlException]) {
        self.exceptions = exceptions
        var byKey: [String: [Int]] = [:]
        var byUser: [String: [Int]] = [:]
        var patterns: [(place: Int, pattern: UserPattern)] = []
        var ofRoot: [Int] = []
        var ofAccount: [Int] = []
        for (place, exception) in exceptions.enumerated() {
            switch exception.subject {
            case .key(let id): byKey[id, default: []].append(place)
            case .user(let name): byUser[name, default: []].append(place)
            case .users(let pattern): patterns.append((place, pattern))
            case .rootUser: ofRoot.append(place)
            case .account: ofAccount.append(place)
            }
        }
        self.byKey = byKey
        self.byUser = byUser
        self.patterns = patterns
        self.ofRoot = ofRoot
        self.ofAccount = ofAccount
    }

    package static func == (left: ExceptionList, right: ExceptionList) -> Bool { left.exceptions == right.exceptions }

    /// Those that hold in an account.
    package func limited(to account: String) -> ExceptionList {
        let isWhole = exceptions.allSatisfy { $0.holds(in: account) }
        return isWhole ? self : ExceptionList(exceptions.filter { $0.holds(in: account) })
    }

    package var isEmpty: Bool { exceptions.isEmpty }

    /// Whether users' tags must be known to tell whom they are about.
    package var looksAtTags: Bool { patterns.contains { !$0.pattern.tags.isEmpty } }

    /// Whether one is about a key, which it names by its id.
    package var looksAtKeyIDs: Bool { !byKey.isEmpty }

    /// The places of those that are about a user or one of its keys, in the order of the list.
    func places(about key: AccessKey?, of user: IAMUser) -> [Int] {
        places(about: key, among: places(about: user))
    }

    /// The places of those that are about a user and all its keys.
    func places(about user: IAMUser) -> [Int] {
        guard !exceptions.isEmpty else { return [] }
        // Where the tags aren't known, nothing is excepted by them.
        return (byUser[user.name] ?? []) + patterns.lazy.filter { $0.pattern.matches(user) == true }.map(\.place)
    }

    /// Those that are about a user's key besides those about the user.
    func places(about key: AccessKey?, among places: [Int]) -> [Int] {
        guard !exceptions.isEmpty else { return [] }
        let own = key?.id.flatMap { byKey[$0] } ?? []
        return own.isEmpty && places.count < 2 ? places : (places + own).sorted()
    }

    func places(aboutThe scope: SubjectScope) -> [Int] {
        switch scope {
        case .rootUser: ofRoot
        case .account: ofAccount
        case .accessKey, .user: []
        }
    }

    /// The exception for a failed test: of those that hold the one that expires last, as the failure is answered for until
    /// then, or else one that would hold if it weren't for its dates. The first of the list where that leaves a choice.
    func match(_ test: ControlTestID, among places: [Int], about principal: Principal?, at asOf: Date)
        -> ExceptionMatch?
    {
        var holding: ControlException?
        var other: ExceptionMatch?
        for exception in places.lazy.map({ exceptions[$0] }) where exception.tests.contains(test) {
            let state = exception.state(for: principal, at: asOf)
            if state != .inForce {
                other = other ?? ExceptionMatch(exception: exception, state: state)
            } else if exception.expires > holding?.expires ?? .distantPast {
                holding = exception
            }
        }
        return holding.map { ExceptionMatch(exception: $0, state: .inForce) } ?? other
    }
}

extension ControlException {
    fileprivate func holds(in account: String) -> Bool { accounts.isEmpty || accounts.contains(account) }
}
