import Evidence
import Testing

/// Whoever reads that keys were held to the policy `default` looks for its limits and no others.
@Suite struct BorrowedNamesTests {
    private func flaws(_ policy: Policy) throws -> [String] {
        Criteria(policy: policy, crosswalk: try Crosswalk.builtIn()).borrowedNames
    }

    @Test func `a built-in policy, and what options make of it, bears its name by right`() throws {
        for builtIn in Policy.BuiltIn.allCases {
            for (keyAge, lastUsed) in [(nil, nil), (400, nil), (nil, 20), (400, 20), (1, 1)] as [(Int?, Int?)] {
                var policy = try Policy(builtIn)
                try policy.adjust(keyAge: keyAge, lastUsed: lastUsed)
                #expect(try flaws(policy).isEmpty, "\(builtIn) \(keyAge ?? 0) \(lastUsed ?? 0)")
            }
        }
        var own = Policy()
        own.name = "ours-adjusted"
        own.rules.limits.keyAge = 36_500
        #expect(try flaws(own).isEmpty)
    }

    @Test(arguments: ["default", "Default", "DEFAULT-adjusted", "default-adjusted", "cis-aws", "strict-Adjusted"])
    func `with what no option makes of it, it doesn't`(name: String) throws {
        var policy = Policy()
        policy.name = name
        policy.rules.limits.keyAge = 36_500
        policy.rules.due.high = 300
        #expect(
            try flaws(policy) == ["policy.json isn't the built-in policy '\(name)', whose name it has"])
    }

    @Test func `its limits under another spelling of its name are not what this version writes`() throws {
        var policy = Policy()
        policy.name = "Default"
        #expect(try flaws(policy).count == 1)
    }
}
