import CanonicalJSON
import Evidence
import EvidenceSchemas
import FoundationEssentials
import StrictYAML
import Testing

@Suite struct PolicyTests {
    private func policy(_ text: String) throws -> Policy {
        try Policy(reading: YAMLValue(parsing: text, file: "policy.yaml"))
    }

    // MARK: Built in

    @Test func `the file of the default policy says what the code has`() throws {
        #expect(try policy(Policy.BuiltIn.default.text) == Policy())
    }

    @Test func `the limits of the other two are those of their names`() throws {
        let cis = try Policy(.cisAWS)
        #expect(
            cis.rules.limits.lastUsed == 45 && cis.rules.limits.keyAge == 90 && cis.rules.limits.rotationOverlap == 0)
        let strict = try Policy(.strict)
        #expect(strict.rules.limits.lastUsed == 30 && strict.rules.limits.keyAge == 30)
        #expect(strict.rules.inactiveKeysAtMost == .medium)
        #expect(strict.exceptions.maximumTerm == 90)
        // What they don't say is the default's.
        #expect(cis.tests == Policy().tests && cis.rules.due == Policy().rules.due)
        #expect(Set(try Policy.BuiltIn.allCases.map { try Policy($0).digest }).count == 3)
    }

    // MARK: Reading

    @Test(arguments: ["a\"b", "te\"am\\", "a\\", "a,b", "a{b}", String(repeating: "x", count: 129)])
    func `a key that no tag can have is refused`(key: String) {
        let quoted = "'\(key)'"
        let error = #expect(throws: YAMLError.self) {
            try policy("{name: a, overrides: [{name: o, match: {tags: {\(quoted): x}}, limits: {key_age: 5}}]}")
        }
        #expect(error?.reason.contains("can't be a tag's key in IAM") == true)
    }

    @Test(arguments: ["owner", "team:name/x", "a b", "größe_1.2=3+4-5@6", String(repeating: "x", count: 128)])
    func `a key that a tag can have is taken, and written as JSON`(key: String) throws {
        let read = try policy(
            "{name: a, overrides: [{name: o, match: {tags: {'\(key)': x, a: '*'}}, limits: {key_age: 5}}]}")
        #expect(Set(read.overrides[0].match.tags.map(\.key)) == [key, "a"])
        let again = try Policy(
            reading: YAMLValue(
                parsing: String(decoding: CanonicalJSON.document(read), as: UTF8.self), file: "policy.json"))
        #expect(again == read)
    }

    @Test func `a policy has a thousand overrides at most, and fifty owner tags`() throws {
        func override(_ number: Int) -> String {
            "{name: o\(number), match: {users: [u\(number)]}, limits: {key_age: 5}}"
        }
        func overrides(_ count: Int) -> String {
            "{name: a, overrides: [\((1...count).map(override).joined(separator: ", "))]}"
        }
        #expect(try policy(overrides(1000)).overrides.count == 1000)
        #expect(throws: YAMLError.self) { try policy(overrides(1001)) }
        // Each user is compared with all that they name.
        func names(_ count: Int) -> String {
            let half = (1...count / 2).map { "u\($0)" }.joined(separator: ", ")
            return "{name: a, overrides: [{name: o, match: {users: [\(half)]}, limits: {key_age: 5}}, "
                + "{name: p, match: {users: [\(half)], paths: [/]}, limits: {key_age: 6}}]}"
        }
        #expect(try policy(names(9_998)).overrides.map(\.match.size) == [4_999, 5_000])
        let error = #expect(throws: YAMLError.self) { try policy(names(10_000)) }
        #expect(error?.reason.contains("name at most 10000 users, paths and tags") == true)
        func tags(_ count: Int) -> String {
            "{name: a, owner_tags: [\((1...count).map { "t\($0)" }.joined(separator: ", "))]}"
        }
        #expect(try policy(tags(50)).ownerTags.count == 50)
        #expect(throws: YAMLError.self) { try policy(tags(51)) }
    }

    @Test func `a file says only what differs`() throws {
        let read = try policy("{name: ours, extends: cis-aws, limits: {key_age: 60}, levels: {low: {age: 14}}}")
        var expected = try Policy(.cisAWS)
        expected.name = "ours"
        expected.title = "ours"
        expected.rules.limits.keyAge = 60
        expected.rules.levels.low = Band(age: 14)
        #expect(read == expected)
    }

    @Test func `naming owner tags adds the test that looks at them`() throws {
        #expect(try policy("{name: a, owner_tags: [owner]}").tests.last == .identifierAssigned)
        #expect(try policy("{name: a, owner_tags: []}").tests == Policy().tests)
        #expect(
            try policy("{name: a, owner_tags: [owner], tests: [root-key, unused-key]}").tests == [.unusedKey, .rootKey])
    }

    @Test(arguments: [
        ("name: a\nlimit: {}", "policy.yaml:2: 'limit' is not a key of a policy; did you mean 'limits'?"),
        ("limits: {key_age: 9}", "policy.yaml:1: a policy needs the key 'name'"),
        (
            "name: a\nlimits:\n  key_age: -1",
            "policy.yaml:3: limits.key_age: expected whole days from 1 to 36500, found '-1'"
        ),
        (
            "name: a\nlimits:\n  rotation_overlap: 1.5",
            "policy.yaml:3: limits.rotation_overlap: expected whole days from 0 to 36500, found '1.5'"
        ),
        (
            "name: a\nlevels:\n  high: {idle: 130}\n  medium: {idle: 60}",
            "policy.yaml:3: levels.high: levels out of order: HIGH begins at idle 130, after CRITICAL, which begins at 120; "
                + "a milder level begins earlier or at the same time"
        ),
        (
            "name: a\nlevels:\n  critical: {idle: 80}",
            "policy.yaml:3: levels.critical: levels out of order: HIGH begins at idle 90, after CRITICAL, which begins at "
                + "80; a milder level begins earlier or at the same time"
        ),
        (
            "name: a\nlevels:\n  high: {idle: 60}\n  medium: {idle: 90}",
            "policy.yaml:4: levels.medium: levels out of order: MEDIUM begins at idle 90, after HIGH, which begins at 60; "
                + "a milder level begins earlier or at the same time"
        ),
        (
            "name: a\nlimits:\n  last_used: 0",
            "policy.yaml:3: limits.last_used: expected whole days from 1 to 36500, found '0'"
        ),
        (
            "name: a\noverrides:\n  - {name: x, match: {users: [a]}, limits: {key_age: 3}}\n"
                + "  - {name: x, match: {users: [b]}, limits: {key_age: 3}}",
            "policy.yaml:4: overrides[1].name: another override is called 'x' already"
        ),
        (
            "name: a\ntests: [unused-keys]",
            "policy.yaml:2: tests[0]: expected unused-key, key-rotation, inactive-key-removed, single-active-key, root-key, "
                + "identifier-unique or identifier-assigned, found 'unused-keys'; did you mean 'unused-key'?"
        ),
        ("name: a\ntests: []", "policy.yaml:2: tests: expected at least one control test, found an empty list"),
        (
            "name: a\ntests: [identifier-assigned]",
            "policy.yaml:2: tests[0]: identifier-assigned looks for owner tags: name them in owner_tags, such as [owner]"
        ),
        (
            "name: a\nowner_tags: [owner, team, Owner]",
            "policy.yaml:2: owner_tags[2]: 'Owner' stands here twice: the case of a tag's key makes no difference in IAM"
        ),
        ("name: a b", "policy.yaml:1: name: expected a name of 1 to 64 letters, digits, '-', '_' and '.', found 'a b'"),
        ("name: a\nextends: cis", "policy.yaml:2: extends: expected default, cis-aws or strict, found 'cis'"),
        (
            "name: a\noverrides:\n  - name: x\n    match: {users: [a]}",
            "policy.yaml:3: overrides[0]: an override needs levels, limits, inactive_keys or due: this one changes nothing"
        ),
        (
            "name: a\noverrides:\n  - name: x\n    match: {}\n    limits: {key_age: 3}",
            "policy.yaml:4: overrides[0].match: what an override matches needs users, paths or tags"
        ),
        (
            "name: a\noverrides:\n  - name: x\n    match: {paths: [service]}\n    limits: {key_age: 3}",
            "policy.yaml:4: overrides[0].match.paths[0]: a path begins with /, such as /service/*"
        ),
        (
            "name: a\noverrides:\n  - name: x\n    match: {users: ['*']}\n    levels:\n      low: {age: 70}",
            "policy.yaml:6: overrides[0].levels.low: levels out of order: LOW begins at age 70, after MEDIUM, which begins "
                + "at 60; a milder level begins earlier or at the same time"
        ),
        (
            "name: a\ninactive_keys: {at_most: loww}",
            "policy.yaml:2: inactive_keys.at_most: expected critical, high, medium, low or compliant, found 'loww'; did "
                + "you mean 'low'?"
        ),
        (
            "name: a\nname: b",
            "policy.yaml:1: the key 'name' stands more than once in this mapping, here for the first time"
        ),
        (
            "name: a\nexceptions: {maximum_term: 0}",
            "policy.yaml:2: exceptions.maximum_term: expected a whole number from 1 to 3660, found '0'"
        ),
        ("- a", "policy.yaml:1: expected a policy (keys with values), found a list"), ("", "policy.yaml: is empty"),
    ])
    func `a mistake is named with file, line and what was expected`(text: String, expected: String) {
        #expect(throws: YAMLError.self) { try policy(text) }
        do { _ = try policy(text) } catch { #expect("\(error)" == expected) }
    }

    @Test func `what a bundle holds is read back as the same policy`() throws {
        var random = PolicyDice(seed: 1)
        for _ in 0..<500 {
            let policy = random.policy()
            let text = String(decoding: policy.file, as: UTF8.self)
            #expect(try self.policy(text) == policy, "\(text)")
            #expect(try self.policy(text).digest == policy.digest)
        }
        for builtIn in Policy.BuiltIn.allCases {
            let policy = try Policy(builtIn)
            #expect(try self.policy(String(decoding: policy.file, as: UTF8.self)) == policy)
        }
    }

    @Test func `an override of a single rule is read back`() throws {
        func change(_ edit: (inout RulesChange) -> Void) -> RulesChange {
            var change = RulesChange()
            edit(&change)
            return change
        }
        for change in [
            change { $0.critical = Band(neverUsedAge: 180) }, change { $0.high = Band(idle: 90) },
            change { $0.medium = Band(age: 60) }, change { $0.low = Band(age: 30) }, change { $0.lastUsed = 1 },
            change { $0.keyAge = 1 }, change { $0.rotationOverlap = 1 }, change { $0.inactiveGrace = 1 },
            change { $0.inactiveKeysAtMost = .high }, change { $0.dueCritical = 1 }, change { $0.dueHigh = 1 },
            change { $0.dueMedium = 1 }, change { $0.dueLow = 1 },
            // And of everything.
            change {
                ($0.lastUsed, $0.keyAge, $0.rotationOverlap, $0.inactiveGrace) = (1, 2, 3, 4)
                ($0.dueCritical, $0.dueHigh, $0.dueMedium, $0.dueLow) = (5, 6, 7, 8)
            },
        ] {
            var policy = Policy()
            policy.name = "one"
            policy.overrides = [PolicyOverride(name: "o", match: UserPattern(names: [Glob("*")]), change: change)]
            let text = String(decoding: policy.file, as: UTF8.self)
            #expect(try self.policy(text) == policy, "\(text)")
        }
    }

    @Test func `a name is on one line, and neither empty nor longer than a table has room for`() throws {
        func named(_ title: String) throws -> String { try policy("{name: a, title: \"\(title)\"}").title }
        for title in ["x", "ä ≥ 日", String(repeating: "x", count: 200)] { #expect(try named(title) == title) }
        for title in [
            "", " ", "\u{a0}", String(repeating: "x", count: 201), "a\\nb", "a\\x7Fb", "a\\u2028b", "a\\u2029b",
            "a\\tb", "a\\x1Fb",
        ] {
            let error = #expect(throws: YAMLError.self) { try named(title) }
            #expect(error?.reason.hasPrefix("expected a text on one line, of 1 to 200 characters") == true)
        }
    }

    // MARK: Options

    @Test func `an override that fits nobody, or leaves nobody to others, is remarked upon`() throws {
        func remarks(_ overrides: String) throws -> [String] {
            try policy("{name: a, overrides: [\(overrides)]}").remarks
        }
        let limits = "limits: {inactive_grace: 5}"
        #expect(
            try remarks("{name: x, match: {paths: [/service], users: [team/*]}, \(limits)}") == [
                "override 'x' names the path '/service', which no user has: IAM's paths end with '/'",
                "override 'x' names the user 'team/*', whom there can't be: '/' stands in paths only",
            ])
        #expect(
            try remarks("{name: x, match: {users: ['*']}, \(limits)}, {name: y, match: {users: [b]}, \(limits)}") == [
                "override 'x' fits everybody: those after it never apply"
            ])
        #expect(
            try remarks(
                "{name: x, match: {paths: [/service/, '/a*']}, \(limits)}, {name: y, match: {users: ['*']}, \(limits)}")
                == [])
    }

    @Test func `keys that are to be rotated by their level before the test of it fails are remarked upon`() throws {
        func remarks(_ rest: String) throws -> [String] { try policy("{name: a, \(rest)}").remarks }
        func override(_ rest: String) -> String { "overrides: [{name: x, match: {users: ['svc-*']}, \(rest)}]" }
        let early =
            "override 'x': a key is due for rotation at 90 days, by level MEDIUM and its due days, and fails "
            + "key-rotation at 180: give the level another age, if that isn't meant"
        #expect(try remarks(override("limits: {key_age: 180}")) == [early])
        #expect(try remarks(override("limits: {key_age: 90}")) == [])
        #expect(try remarks(override("limits: {key_age: 180}, levels: {medium: {idle: 60, age: 150}}")) == [])
        #expect(try remarks(override("limits: {key_age: 180}, levels: {medium: {idle: 60}}")) == [])
        #expect(try remarks("due: {medium: 29}").map { $0.hasPrefix("a key is due for rotation at 89 days") } == [true])
        // The earliest of them.
        let both = "levels: {high: {age: 61}}, due: {high: 1}"
        #expect(try remarks(both).map { $0.contains("at 62 days, by level HIGH") } == [true])
        // Without the test there is nothing that it could come before.
        #expect(try remarks("tests: [unused-key], due: {medium: 1}").allSatisfy { !$0.contains("is due for rotation") })
    }

    @Test func `options take the place of limits, change the name, and leave overrides alone`() throws {
        var policy = try policy(
            "{name: a, overrides: [{name: x, match: {users: [svc-*]}, limits: {key_age: 365}}]}")
        try policy.adjust(keyAge: 90, lastUsed: nil)
        #expect(policy.name == "a")
        try policy.adjust(keyAge: 30, lastUsed: 45)
        #expect(policy.name == "a-adjusted")
        #expect(policy.title == "Adjusted to key_age 30 and last_used 45; before: a")
        #expect(policy.rules.limits.keyAge == 30 && policy.rules.levels.high == Band(neverUsedAge: 45, idle: 45))
        let keys = [("svc-a", 100), ("b", 100)].map { name, age in
            IAMUser.made(name, keys: .listed([.made(name, age: age)]))
        }
        let assessment = try Assessment.made(.made(users: keys), policy: policy)
        #expect(
            assessment.keys.map { "\($0.user.name) \($0.outcomes[.keyRotation])" } == ["b failed", "svc-a satisfied"])
    }

    @Test func `whatever the options, the policy that comes of it can be read back`() throws {
        for lastUsed in [1, 10, 30, 45, 60, 61, 90, 119, 121, 181, 5000] {
            let policy = Policy(lastUsedThreshold: lastUsed)
            #expect(try self.policy(String(decoding: policy.file, as: UTF8.self)) == policy)
        }
        var random = PolicyDice(seed: 3)
        var refused = 0
        for _ in 0..<500 {
            var before = random.policy()
            for place in before.overrides.indices {
                // One level as the policy has it, which an option may change there and not here.
                let level = random.oneOf([
                    (\RulesChange.critical, before.rules.levels.critical), (\.high, before.rules.levels.high),
                    (\.medium, before.rules.levels.medium), (\.low, before.rules.levels.low),
                ])
                var change = RulesChange()
                change[keyPath: level.0] = level.1
                before.overrides[place].change = change
            }
            var policy = before
            let (keyAge, lastUsed) = (random.roll(1...200), random.roll(1...200))
            do { try policy.adjust(keyAge: keyAge, lastUsed: lastUsed) } catch {
                // Nothing has changed then, and an override is to blame.
                #expect(policy == before && before.overrides.contains { "\(error)".contains("'\($0.name)'") })
                refused += 1
            }
            let text = String(decoding: policy.file, as: UTF8.self)
            #expect(try self.policy(text) == policy, "\(text)")
        }
        #expect(refused > 20 && refused < 480)
    }

    @Test func `a long name stays one that can be read back`() throws {
        var policy = try policy("{name: \(String(repeating: "n", count: 64))}")
        try policy.adjust(keyAge: 3, lastUsed: nil)
        #expect(try self.policy(String(decoding: policy.file, as: UTF8.self)) == policy)
    }

    // MARK: Overrides

    @Test func `the first override that fits a user applies, and all that it names must fit`() throws {
        let policy = try policy(
            """
            name: a
            overrides:
              - {name: both, match: {users: ["svc-*"], paths: [/service/*]}, limits: {key_age: 1}}
              - {name: tagged, match: {tags: {type: service, env: "prod-?"}}, limits: {key_age: 2}}
              - {name: named, match: {users: [x, "svc-*"]}, limits: {key_age: 3}}
            """)
        func choice(_ name: String, path: String = "/", tags: [String: String]? = [:]) -> RuleChoice {
            policy.choice(for: .made(name, path: path, tags: tags))
        }
        #expect(choice("svc-a", path: "/service/") == .one(1))
        #expect(choice("svc-a", path: "/service/deep/") == .one(1))
        #expect(choice("svc-a", path: "/services/") == .one(3))
        #expect(choice("svc-a", tags: ["type": "service", "env": "prod-1"]) == .one(2))
        #expect(choice("svc-a", tags: ["type": "service", "env": "prod"]) == .one(3))
        #expect(choice("svc-a", tags: ["type": "service"]) == .one(3))
        // IAM has no two tags whose keys differ by case alone, and values are what they are.
        #expect(choice("y", tags: ["Type": "service", "ENV": "prod-1"]) == .one(2))
        #expect(choice("y", tags: ["type": "Service", "env": "prod-1"]) == .one(0))
        #expect(choice("y") == .one(0))
        // What the tags would say isn't known: it may be any of these.
        #expect(choice("y", tags: nil) == .several([1 + 1, 0]))
        #expect(choice("x", tags: nil) == .several([2, 3]))
        #expect(choice("svc-a", path: "/service/", tags: nil) == .one(1))
    }

    /// A scan asks for tags only where it says so.
    @Test func `a policy looks at tags where one of its overrides or its tests does`() throws {
        func looks(_ text: String) throws -> Bool { try policy("{name: a, \(text)}").looksAtTags }
        #expect(try !looks("overrides: [{name: x, match: {users: [u]}, limits: {key_age: 3}}]"))
        #expect(try looks("overrides: [{name: x, match: {users: [u], tags: {a: b}}, limits: {key_age: 3}}]"))
        #expect(try looks("owner_tags: [owner]"))
        #expect(try !looks("owner_tags: [owner], tests: [unused-key]"))
    }

    @Test func `where tags decide and aren't known, only what all rules agree on is said`() throws {
        let policy = try policy(
            "{name: a, overrides: [{name: x, match: {tags: {type: s}}, limits: {key_age: 200}, levels: {medium: {age: 100}}}]}"
        )
        func key(_ age: Int) throws -> KeyAssessment {
            let user = IAMUser.made(keys: .listed([.made(age: age)]))
            return try #require(try Assessment.made(.made(users: [user]), policy: policy).keys.first)
        }
        #expect(try key(20).outcomes[.keyRotation] == .satisfied)
        #expect(try key(150).outcomes[.keyRotation] == .undetermined)
        #expect(try key(250).outcomes[.keyRotation] == .failed)
        #expect(try key(20).level == .compliant)
        #expect(try key(70).level == nil && key(70).leastLevel == .low)
        #expect(try key(250).level == .medium)
    }

    @Test func `where tags decide and aren't known, no limit is named that may not hold`() throws {
        let policy = try policy(
            """
            name: a
            overrides:
              - name: x
                match: {tags: {type: s}}
                limits: {key_age: 30, rotation_overlap: 3}
                levels: {medium: {age: 50}}
                due: {medium: 5}
            """)
        func assessed(_ ages: Int..., tags: [String: String]? = nil) throws -> Assessment {
            let keys = ages.enumerated().map { AccessKey.made("K\($0)", age: $1) }
            return try .made(.made(users: [.made("ci", keys: .listed(keys), tags: tags)]), policy: policy)
        }
        let open = try #require(try assessed(250).keys.first)
        #expect(open.level == .medium && open.classification.reason.limit == nil)
        #expect(open.verdicts.map { $0.verdict.reason.text } == ["idle-days 0, limit 90", "age-days: 250"])
        #expect(open.recommendation.issue == "250 days old, beyond the rotation limit.")
        #expect(open.recommendation.action == "Plan the key's rotation." && open.recommendation.due == nil)
        let low = try #require(try assessed(35).keys.first)
        #expect(low.level == .low && low.outcomes[.keyRotation] == .undetermined)
        #expect(low.recommendation.action == "Watch the key until its rotation comes due.")
        // With the tags all is known.
        let known = try #require(try assessed(250, tags: ["type": "s"]).keys.first)
        #expect(known.recommendation.issue == "250 days old, beyond the rotation limit of 30 days.")
        #expect(known.recommendation.due == .before(days: 200 - 5))
        // Of users, too: the overlap is too long by each of the rules, from different days on.
        let two = try #require(try assessed(20, 15).users.first)
        #expect(two.verdicts.map { $0.verdict.reason.text } == ["overlap-days: 15"])
        #expect(two.recommendations.map(\.since) == [nil] && two.recommendations.map(\.due) == [nil])
        let style = TerminalStyle(color: false)
        let text = try #require(Explanation(of: "ci", in: try assessed(250), style: style)).text
        #expect(
            text.contains(
                """
                Level, by rules that the tags decide, which weren't read
                  MEDIUM by each of them: age-days: 250

                """), "\(text)")
    }

    @Test(arguments: [
        ("*", "", true), ("*", "abc", true), ("a*c", "abbc", true), ("a*c", "abcd", false), ("a?c", "abc", true),
        ("a?c", "ac", false), ("", "", true), ("", "a", false), ("**a**", "bab", true), ("*a*b*c", "xaybzc", true),
        ("[a]", "a", false), (".*", "x", false), ("svc-*", "svc-", true), ("é*", "é1", true), ("?", "\u{1F511}", true),
    ])
    func `patterns`(pattern: String, name: String, expected: Bool) {
        #expect(Glob(pattern).matches(name) == expected)
    }

    @Test func `no pattern takes long`() {
        let pattern = Glob(String(repeating: "*a", count: 200) + "b")
        let name = String(repeating: "a", count: 2000)
        let took = ContinuousClock().measure { #expect(!pattern.matches(name)) }
        #expect(took < .seconds(5))
    }

    @Test func `what may not be meant is remarked on`() throws {
        let remarks = try policy(
            """
            name: a
            tests: [unused-key]
            owner_tags: [owner]
            levels: {medium: {idle: 90}, low: {}}
            overrides:
              - {name: one, match: {users: [x]}, limits: {key_age: 3}}
              - {name: two, match: {users: [x]}, limits: {key_age: 4}}
            """
        ).remarks
        #expect(remarks.contains("key-rotation doesn't run"))
        #expect(remarks.contains("override 'two' never applies: 'one' matches the same users before it"))
        #expect(remarks.contains("no key gets level MEDIUM: a worse level begins as early"))
        #expect(remarks.contains("no key gets level LOW: it has no limits"))
        #expect(remarks.contains { $0.contains("identifier-assigned, which looks at them, doesn't run") })
        for builtIn in Policy.BuiltIn.allCases { #expect(try Policy(builtIn).remarks.isEmpty) }
    }

    @Test func `a changed copy of a built-in policy needs a name of its own`() throws {
        for builtIn in Policy.BuiltIn.allCases {
            func own(_ text: String) throws -> Policy {
                try Policy(ofOwn: YAMLValue(parsing: text, file: "policy.yaml"))
            }
            #expect(try own(builtIn.text) == Policy(builtIn))
            let changed = builtIn.text.replacing("title: ", with: "title: Ours, after ")
            let error = #expect(throws: YAMLError.self) { try own(changed) }
            let lines = changed.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(error?.line == lines.firstIndex { $0.hasPrefix("name: ") }.map { $0 + 1 })
            #expect(error?.reason.hasSuffix("give it a name of its own") == true)
            #expect(try own(changed.replacing("name: \(builtIn.rawValue)\n", with: "name: acme\n")).name == "acme")
            // As an option would have called it, and as somebody may write it.
            for name in ["\(builtIn.rawValue)-adjusted", builtIn.rawValue.uppercased()] {
                #expect(throws: YAMLError.self) {
                    try own(changed.replacing("name: \(builtIn.rawValue)\n", with: "name: \(name)\n"))
                }
            }
            // In a bundle it is what the policy of that name was then.
            #expect(try Policy(reading: YAMLValue(parsing: changed, file: "policy.yaml")).name == builtIn.rawValue)
        }
    }
}
