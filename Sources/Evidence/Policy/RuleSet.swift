/// The rules that hold for some users, made ready: the policy's own, or those of an override.
struct RuleSet: Sendable {
    /// The override's name; nil of the policy's own.
    let name: String?
    let rules: Rules
    /// Those that run, in the standard order.
    let tests: [any ControlTest]

    func test(_ id: ControlTestID) -> (any ControlTest)? {
        tests.first { $0.id == id }
    }
}

/// Which rules hold for a user.
package enum RuleChoice: Sendable, Equatable {
    case one(Int)
    /// The tags decide, and aren't known: it may be any of these.
    case several([Int])

    /// The places of the rules that may hold, which are one at least.
    var places: [Int] {
        switch self {
        case .one(let place): [place]
        case .several(let places): places
        }
    }
}

extension Policy {
    /// The policy's own rules, then those of the overrides.
    func ruleSets(running tests: [ControlTestID]) -> [RuleSet] {
        func set(_ name: String?, _ rules: Rules) -> RuleSet {
            RuleSet(name: name, rules: rules, tests: tests.map { $0.test(by: rules, ownerTags: ownerTags) })
        }
        return [set(nil, rules)] + overrides.map { set($0.name, $0.change.applied(to: rules)) }
    }

    /// The place of a user's rules among the rule sets.
    package func choice(for user: IAMUser) -> RuleChoice {
        var possible: [Int] = []
        for (index, override) in overrides.enumerated() {
            switch override.match.matches(user) {
            case true?:
                if possible.isEmpty { return .one(index + 1) }
                return .several(possible + [index + 1])
            case nil: possible.append(index + 1)
            case false?: continue
            }
        }
        return possible.isEmpty ? .one(0) : .several(possible + [0])
    }
}
