import CanonicalJSON
import Evidence
import Foundation
import Testing

@Suite struct RecommendationTests {
    private func recommended(_ keys: AccessKey..., name: String = "ci-deploy", policy: Policy = Policy()) throws
        -> Recommendation
    {
        let user = IAMUser.made(name, keys: .listed(keys))
        let assessment = try Assessment.made(.made(users: [user]), policy: policy)
        return try #require(assessment.keys.first { $0.key.id == keys[0].id }).recommendation
    }

    // MARK: By when

    @Test(arguments: [
        // Never used since day 0: HIGH at 90 days, and MEDIUM at 60 with 30 days to act.
        (AccessKey.made(age: 95, lastUse: .never), 5, 5), (.made(age: 200, lastUse: .never), 20, 110),
        (.made(age: 400, lastUse: .used(daysAgo: 100)), 10, 310), (.made(age: 70), 10, -20),
        // MEDIUM by age, though rotation came due later.
        (.made(age: 400, lastUse: .used(daysAgo: 1)), 340, 310),
        // Nobody knows since when it is Inactive: not before its last use.
        (.made(status: .inactive, age: 400, lastUse: .used(daysAgo: 20)), 20, -70),
        (.made(status: .inactive, age: 400, lastUse: .never), 400, 310),
    ])
    func `due counts from the instants at which a key came to its levels`(key: AccessKey, since: Int, due: Int) throws {
        let recommendation = try recommended(key)
        #expect(recommendation.since == .before(days: since))
        #expect(recommendation.due == .before(days: due))
    }

    @Test func `a key that gets worse gets no time again`() throws {
        var policy = Policy()
        // Whichever level's time is the shortest, and as well where a failed test gives less than the levels do.
        for (critical, high, medium, low) in [(0, 7, 30, 90), (5, 1, 60, 90), (90, 90, 90, 90), (9, 9, 200, 5)] {
            (policy.rules.due.critical, policy.rules.due.high) = (critical, high)
            (policy.rules.due.medium, policy.rules.due.low) = (medium, low)
            for lastUse in [nil, 0, 30, 59] as [Int?] {
                // The same key, day by day: the last use was on the same day of its life.
                let days = (60...400).map { age in
                    AccessKey.made(
                        "AKIA\(age)", age: age, lastUse: lastUse.map { .used(daysAgo: age - $0) } ?? .never)
                }
                var latest: Int?
                let keys = try Assessment.made(keys: days, policy: policy).keys
                for key in keys.sorted(by: { $0.ageDays < $1.ageDays }) {
                    let due = try #require(key.recommendation.due)
                    let day = key.ageDays + Int(due.timeIntervalSince(.asOf) / 86_400)
                    #expect(day <= latest ?? day, "age \(key.ageDays), \(policy.rules.due)")
                    latest = day
                }
            }
        }
    }

    @Test func `due doesn't move from run to run, and follows the policy`() throws {
        var policy = Policy()
        (policy.rules.due.high, policy.rules.due.medium) = (3, 60)
        #expect(try recommended(.made(age: 95, lastUse: .never), policy: policy).due == .before(days: 2))
        #expect(try recommended(.made(age: 96, lastUse: .never), policy: policy).due == .before(days: 3))
        #expect(try recommended(.made(age: 95, lastUse: .never), policy: policy).action.hasSuffix("within 3 days."))
    }

    @Test func `due doesn't move when another limit of the same level is reached`() throws {
        let strict = try Policy(.strict)
        for (policy, idle) in [(Policy(), 60), (strict, strict.rules.levels.high.idle ?? 0)] {
            let before = try recommended(.made(age: 300, lastUse: .used(daysAgo: idle - 1)), policy: policy)
            let after = try recommended(.made(age: 300, lastUse: .used(daysAgo: idle)), policy: policy)
            #expect(try #require(before.due) < .before(days: 200))
            #expect(after.due == before.due && after.since == before.since)
        }
        // By idleness alone it counts from there.
        let idle = try recommended(.made(age: 100, lastUse: .used(daysAgo: 95)))
        #expect(idle.since == .before(days: 5))
    }

    @Test func `a key of a low level that fails a test is due, and one that passes isn't`() throws {
        let strict = Policy(keyAgeThreshold: 20)
        let failing = try recommended(.made(age: 25), policy: strict)
        #expect(
            failing.action == "Rotate the key." && failing.since == .before(days: 5)
                && failing.due == .before(days: -85))
        #expect(try recommended(.made(age: 35)).due == nil)
        #expect(try recommended(.made(age: 3)).due == nil)
    }

    @Test func `of two tests that a key fails, the time counts from the first`() throws {
        var policy = Policy()
        (policy.rules.limits.keyAge, policy.rules.limits.lastUsed) = (20, 10)
        let rotation = try recommended(.made(age: 25, lastUse: .used(daysAgo: 12)), policy: policy)
        #expect(rotation.since == .before(days: 5) && rotation.due == .before(days: -85))
        let use = try recommended(.made(age: 21, lastUse: .used(daysAgo: 18)), policy: policy)
        #expect(use.since == .before(days: 8))
    }

    @Test func `it is due at its instant, and overdue after it`() throws {
        func entry(_ key: AccessKey) throws -> (report: JSONValue, summary: String) {
            let assessment = try Assessment.made(keys: [key])
            let report = try JSONValue(
                parsing: try #require(BundleDocuments.inMemory(assessment)[.report]))
            return (
                report["analysis_results"]["recommendations"][0],
                TerminalSummary(assessment, style: TerminalStyle(color: false)).text.lowercased()
            )
        }
        // MEDIUM for thirty days.
        let now = try entry(.made(age: 90))
        #expect(now.report["due_date"] == .string("2026-11-22T20:45:00Z"))
        #expect(now.report["overdue"] == .boolean(false))
        #expect(!now.summary.contains("overdue"))
        let after = try entry(.made(age: 90, seconds: 1))
        #expect(after.report["overdue"] == .boolean(true))
        #expect(after.summary.contains("medium since 2026-10-23, overdue since 2026-11-22"))
        // MEDIUM from this instant on.
        #expect(try recommended(.made(age: 60)).since == .asOf)
    }

    @Test func `a user's key too many is due in the same way`() throws {
        func entry(_ seconds: Int) throws -> JSONValue {
            let keys = [
                AccessKey.made("A", age: 200, lastUse: .used(daysAgo: 0)), .made("B", age: 104, seconds: seconds),
            ]
            let assessment = try Assessment.made(.made(users: [.made(keys: .listed(keys))]))
            let report = try JSONValue(
                parsing: try #require(BundleDocuments.inMemory(assessment)[.report]))
            return try #require(
                report["analysis_results"]["recommendations"].array.first { $0["access_key_id"] == .null })
        }
        #expect(try entry(0)["due_date"] == .string("2026-11-22T20:45:00Z"))
        #expect(try entry(0)["overdue"] == .boolean(false) && entry(1)["overdue"] == .boolean(true))
    }

    @Test func `a key of a bad level that passes its tests is dealt with all the same, and the other way around`()
        throws
    {
        // HIGH for not being used, before the test fails it.
        var late = Policy()
        (late.rules.limits.lastUsed, late.rules.limits.keyAge) = (200, 365)
        #expect(
            try recommended(.made(age: 95, lastUse: .never), policy: late).action
                == "Delete the key or put it to use within 7 days.")
        // Put to use, it would be too old.
        late.rules.limits.keyAge = 90
        #expect(
            try recommended(.made(age: 95, lastUse: .never), policy: late).action == "Delete the key within 7 days.")
        // Unused for the test, and no more than MEDIUM.
        var mild = Policy()
        (mild.rules.levels.critical, mild.rules.levels.high, mild.rules.limits.keyAge) = (Band(), Band(), 365)
        #expect(
            try recommended(.made(age: 95, lastUse: .never), policy: mild).action
                == "Delete the key or put it to use within 30 days.")
    }

    @Test func `that a key isn't used much is said from the MEDIUM level's limit on, or where the test says so`() throws
    {
        func issue(_ days: Int, _ policy: Policy = Policy()) throws -> String {
            try recommended(.made(age: 100, lastUse: .used(daysAgo: days)), policy: policy).issue
        }
        let old = "100 days old, beyond the rotation limit of 90 days."
        #expect(try issue(59) == old)
        #expect(try issue(60) == "Not used for 60 days, \(old)")
        var unlimited = Policy()
        unlimited.rules.levels.medium = Band(age: 60)
        #expect(try issue(89, unlimited) == old)
        #expect(try issue(90, unlimited) == "Not used for 90 days, \(old)")
    }

    @Test func `a key of the root user is due since it was made, and not anew every night`() throws {
        func root(_ keys: [AccessKey]?, due: Int = 0) throws -> Assessment {
            var policy = Policy()
            policy.rules.due.critical = due
            return try .made(.made(root: RootUser(accessKeysPresent: true, keys: keys)), policy: policy)
        }
        let assessment = try root([.made(age: 100), .made(age: 300)])
        let recommendation = try #require(assessment.accountRecommendations.first?.recommendation)
        #expect(recommendation.due == .before(days: 300))
        #expect(try root([.made(age: 300)], due: 2).accountRecommendations[0].recommendation.due == .before(days: 298))
        #expect(
            TerminalSummary(assessment, style: TerminalStyle(color: false)).text.contains(
                "delete its access keys now. Overdue since 2026-01-26."))
        let documents = BundleDocuments.inMemory(assessment)
        let report = try JSONValue(parsing: try #require(documents[.report]))
        let entry = report["analysis_results"]["recommendations"][0]
        #expect(entry["due_date"] == .string("2026-01-26T20:45:00Z") && entry["overdue"] == .boolean(true))
        let oscal = String(decoding: try #require(documents[.assessmentResults]), as: UTF8.self)
        #expect(oscal.contains(#""deadline":"2026-01-26T20:45:00Z""#))
        for unknown in [nil, []] as [[AccessKey]?] {
            let assessment = try root(unknown)
            #expect(assessment.accountRecommendations[0].recommendation.due == nil)
            let report = try JSONValue(
                parsing: try #require(BundleDocuments.inMemory(assessment)[.report]))
            #expect(report["analysis_results"]["recommendations"][0]["due_date"] == .null)
        }
    }

    @Test func `the root user can be explained, with the steps to take`() throws {
        let style = TerminalStyle(color: false)
        let root = RootUser(
            accessKeysPresent: true, hasMFA: false, summary: .made(.getAccountSummary, 1),
            keys: [.made("slot 1", age: 300)]
        )
        let exception = ControlException.made(.rootUser, ticket: "SEC-9", tests: [.rootKey])
        let assessment = try Assessment.made(.made(root: root), exceptions: [exception])
        for name in ["<root_account>", "root"] {
            let text = try #require(Explanation(of: name, in: assessment, style: style)).text
            for part in [
                "Root user\n", "300 days ago", "not-satisfied: root-access-keys: present by the account summary",
                "SEC-9",
                "delete its access keys now.", "Excepted until 2027-03-02.", "1. Find out in CloudTrail",
            ] { #expect(text.contains(part), "\(part): \(text)") }
        }
        // A user may be called so.
        let named = try Assessment.made(.made(users: [.made("root")], root: root))
        #expect(try #require(Explanation(of: "root", in: named, style: style)).text.hasPrefix("User root\n"))
        #expect(Explanation(of: "<account>", in: named, style: style) == nil)
    }

    @Test func `one day is one day`() throws {
        let strict = Policy(keyAgeThreshold: 1, lastUsedThreshold: 1)
        #expect(try recommended(.made(age: 1)).issue == "1 day old.")
        #expect(
            try recommended(.made(age: 1, lastUse: .used(daysAgo: 1)), policy: strict).issue
                == "Not used for 1 day, 1 day old, beyond the rotation limit of 1 day.")
        #expect(
            try recommended(.made(status: .inactive, age: 1)).issue
                == "The key is Inactive and still exists, 1 day after it was made.")
        #expect(try recommended(.made(age: 2)).issue == "2 days old.")
    }

    @Test func `what isn't known has no date and no command`() throws {
        let recommendation = try recommended(.made(age: 400, lastUse: .undetermined(.denied)))
        #expect(recommendation.due == nil && recommendation.steps.isEmpty)
    }

    // MARK: How

    @Test func `a key that nobody uses is deactivated first, and deleted later`() throws {
        #expect(
            try recommended(.made(age: 200, lastUse: .never)).commands.map(\.text) == [
                "aws iam get-access-key-last-used --access-key-id AKIA1",
                "aws iam update-access-key --user-name ci-deploy --access-key-id AKIA1 --status Inactive",
                "aws iam delete-access-key --user-name ci-deploy --access-key-id AKIA1",
            ])
    }

    @Test func `a key that was used once and isn't any more is retired, and the sentence says so`() throws {
        var policy = Policy()
        policy.rules.limits.lastUsed = 30
        for (idle, action) in [
            (45, "Deactivate the key within 90 days, and delete it if nothing needs it."),
            (70, "Deactivate the key within 30 days, and delete it if nothing needs it."),
            (95, "Deactivate the key within 7 days, and delete it if nothing needs it."),
            (125, "Deactivate the key now, and delete it if nothing needs it."),
        ] {
            let recommendation = try recommended(.made(age: idle + 5, lastUse: .used(daysAgo: idle)), policy: policy)
            #expect(recommendation.action == action && recommendation.issue.hasPrefix("Not used for \(idle) days, "))
            #expect(recommendation.why == "Nothing seems to need the key, and whoever finds it can use it.")
            #expect(recommendation.steps.map(\.text).contains("Deactivate the key") && recommendation.steps.count == 4)
        }
        // By its level alone it is one to rotate: the test, which says what is unused, passes.
        policy.rules.limits.lastUsed = 200
        let rotated = try recommended(.made(age: 100, lastUse: .used(daysAgo: 95)), policy: policy)
        #expect(rotated.action.hasPrefix("Rotate the key within 7 days") && rotated.steps.count == 6)
    }

    @Test func `rotation takes six steps, and never leaves a moment without a working key`() throws {
        let recommendation = try recommended(.made(age: 100))
        #expect(recommendation.steps.count == 6)
        #expect(
            recommendation.commands.map(\.text) == [
                "aws iam create-access-key --user-name ci-deploy",
                "aws iam get-access-key-last-used --access-key-id AKIA1",
                "aws iam update-access-key --user-name ci-deploy --access-key-id AKIA1 --status Inactive",
                "aws iam delete-access-key --user-name ci-deploy --access-key-id AKIA1",
            ])
    }

    @Test func `there can't be a third key`() throws {
        let second = try recommended(.made(age: 100), .made("AKIA2", age: 3))
        #expect(second.steps[0].text == "Use the user's newer key, AKIA2; there can't be a third")
        #expect(second.steps[0].command == nil)
        let spare = try recommended(.made(age: 100), .made("AKIA2", status: .inactive, age: 3))
        #expect(spare.steps[0].text.hasPrefix("Retire the user's other key, AKIA2"))
        #expect(spare.steps[0].command?.text == "aws iam create-access-key --user-name ci-deploy")
    }

    /// AWS would refuse to make a third key, and the next commands would take away the one in use.
    @Test func `where there is no room for a new key no command stands in the list`() throws {
        for other in [
            AccessKey.made("AKIA2", status: .inactive, age: 3), .made("AKIA2", age: 100),
            .made("AKIA2", age: 95, lastUse: .never),
        ] {
            let recommendation = try recommended(.made(age: 130), other)
            #expect(recommendation.steps.count { $0.command != nil } == 5)
            #expect(recommendation.commands.isEmpty, "\(other)")
        }
        #expect(try recommended(.made(age: 130)).commands.count == 4)
        #expect(try recommended(.made(age: 130), .made("AKIA2", age: 3)).commands.count == 3)
    }

    @Test func `a key that isn't Active is deleted after a last look`() throws {
        #expect(
            try recommended(.made(status: .inactive, age: 200)).commands.map(\.text) == [
                "aws iam get-access-key-last-used --access-key-id AKIA1",
                "aws iam delete-access-key --user-name ci-deploy --access-key-id AKIA1",
            ])
    }

    @Test func `of two keys that stand side by side the one to go is named`() throws {
        func goes(_ keys: [AccessKey]) throws -> String {
            let assessment = try Assessment.made(.made(users: [.made(keys: .listed(keys))]))
            return try #require(assessment.users[0].recommendations.first).action
        }
        #expect(try goes([.made("A", age: 80), .made("B", age: 20)]).hasSuffix("delete A."))
        #expect(try goes([.made("A", age: 50), .made("B", age: 20, lastUse: .never)]).hasSuffix("delete B."))
        // Its rotation is to be planned: the other one is there for it.
        #expect(try goes([.made("A", age: 80), .made("B", age: 20, lastUse: .never)]).hasSuffix("delete A."))
        #expect(try goes([.made("A", age: 100), .made("B", age: 20, lastUse: .never)]).hasSuffix("delete A."))
        // One that fails for not being used goes before one in use that has to be rotated.
        #expect(try goes([.made("A", age: 130), .made("B", age: 95, lastUse: .never)]).hasSuffix("delete B."))
        #expect(try goes([.made("A", age: 130), .made("B", age: 85, lastUse: .never)]).hasSuffix("delete B."))
        // Made in the same second.
        #expect(try goes([.made("B", age: 20), .made("A", age: 20)]).hasSuffix("delete A."))
    }

    @Test func `a key that is itself to be deleted is nobody's successor`() throws {
        let recommendation = try recommended(.made(age: 130), .made("AKIA2", age: 95, lastUse: .never))
        #expect(
            recommendation.steps[0].text
                == "Delete the user's other key, AKIA2, which nobody uses, as there can't be a third; then make a new one"
        )
        #expect(recommendation.steps[0].command?.text == "aws iam create-access-key --user-name ci-deploy")
        let both = try recommended(.made(age: 130), .made("AKIA2", age: 100))
        #expect(
            both.steps[0].text
                == "Move everything to one of the user's two keys, AKIA1 or AKIA2, and retire the other, as there can't be a third; then make a new one"
        )
        let unknown = try recommended(.made(age: 130), .made("AKIA2", age: 5, lastUse: .undetermined(.denied)))
        #expect(unknown.steps[0].command != nil)
    }

    @Test func `where two keys are one too many, the one in use is rotated out, and never just retired`() throws {
        func steps(_ keys: [AccessKey]) throws -> [RemediationStep] {
            let assessment = try Assessment.made(.made(users: [.made(keys: .listed(keys))]))
            return try #require(assessment.users[0].recommendations.first).steps
        }
        let inUse = try steps([.made("A", age: 80), .made("B", age: 20)])
        #expect(inUse.count == 6 && inUse[0].text == "Use the user's newer key, B; there can't be a third")
        let idle = try steps([.made("A", age: 50), .made("B", age: 20, lastUse: .never)])
        #expect(idle.count == 4 && idle[0].text == "See that nothing has used the key since the scan")
    }

    /// Keys of all kinds: how they were used, how old they are, and whether they are Active.
    private static func keys(_ id: String) -> [AccessKey] {
        let ages = [5, 20, 50, 70, 85, 95, 130, 200, 300]
        let uses: [(Int) -> Fact<LastUse>] = [
            { _ in .used(daysAgo: 0) }, { .used(daysAgo: min($0, 65)) }, { .used(daysAgo: min($0, 95)) },
            { _ in .never },
            { _ in .undetermined(.denied) },
        ]
        return ages.flatMap { age in
            uses.flatMap { use in
                [KeyStatus.active, .inactive].map { AccessKey.made(id, status: $0, age: age, lastUse: use(age)) }
            }
        }
    }

    @Test(
        arguments: try [
            Policy(), Policy(.strict), Policy(.cisAWS), Policy(keyAgeThreshold: 1000, lastUsedThreshold: 30),
        ])
    func `whoever follows all recommendations for a user keeps a key for whatever used one`(policy: Policy) throws {
        var replaced = 0
        for first in Self.keys("AKIA1") {
            // Every pair, and so each in the place of the older one, and both of the same second.
            let users = Self.keys("AKIA2").enumerated().map { number, second in
                IAMUser.made("user-\(number)", keys: .listed([first, second]))
            }
            let assessment = try Assessment.made(.made(users: users), policy: policy)
            let ofKeys = Dictionary(grouping: assessment.keys, by: \.user.name)
            for assessed in assessment.users {
                let user = assessed.user
                let all = (ofKeys[user.name] ?? []).map(\.recommendation) + assessed.recommendations
                let commands = all.flatMap { $0.commands.map(\.text) }
                let deleted = user.keys.known.filter { key in
                    commands.contains { $0.contains("delete-access-key") && $0.hasSuffix(" \(key.label)") }
                }
                let successors = user.keys.known.filter { key in
                    all.contains {
                        $0.steps.contains { $0.text.hasPrefix("Use the user's") && $0.text.contains(key.label) }
                    }
                }
                #expect(successors.allSatisfy { !deleted.contains($0) && $0.status == .active }, "\(user.keys)")
                let needed = user.keys.known.filter { key in
                    guard key.status == .active, let at = key.lastUsed else { return false }
                    return wholeDays(from: at, to: .asOf) < policy.rules.limits.lastUsed
                }
                if !needed.isEmpty, needed.allSatisfy(deleted.contains) {
                    replaced += 1
                    #expect(
                        !successors.isEmpty || commands.contains { $0.contains("create-access-key") }, "\(user.keys)")
                }
                // A third one can't be made.
                if commands.contains(where: { $0.contains("create-access-key") }) {
                    #expect(user.keys.known.count == 1)
                }
            }
        }
        #expect(replaced > 0)
    }

    @Test func `a user without an owner is to be tagged`() throws {
        var policy = Policy()
        policy.ownerTags = ["owner's \"team\""]
        policy.tests.append(.identifierAssigned)
        let assessment = try Assessment.made(.made(users: [.made(tags: [:])]), policy: policy)
        let recommendation = try #require(assessment.users[0].recommendations.first)
        #expect(
            recommendation.steps.compactMap(\.command?.text) == [
                #"aws iam tag-user --user-name ci-deploy --tags '[{"Key":"owner'\''s \"team\"","Value":"OWNER"}]'"#
            ])
        // Who runs it as it stands makes the test pass, and nobody answers for the user.
        #expect(recommendation.commands.isEmpty)
    }

    @Test func `a key that was deactivated may stay for the policy's grace, and isn't to be deleted yet`() throws {
        var policy = Policy()
        policy.rules.limits.inactiveGrace = 30
        func recommended(_ policy: Policy) throws -> [KeyAssessment] {
            let key = AccessKey.made(status: .inactive, age: 20, lastUse: .used(daysAgo: 10))
            return try Assessment.made(keys: [key], policy: policy).byUrgency.filter(\.needsAction)
        }
        #expect(try recommended(policy).isEmpty)
        policy.rules.limits.inactiveGrace = 10
        #expect(try recommended(policy).count == 1)
        // Where nothing says for how long it may stay, nothing says that it may.
        policy.tests.removeAll { $0 == .inactiveKeyRemoved }
        #expect(try recommended(policy).count == 1)
    }

    // MARK: Quoting

    static let hostileNames = [
        "plain", "with space", "$(touch harm)", "`touch harm`", "; touch harm #", "a'b", "'", "''", "\"", "\\", "a\\'b",
        "--profile=other", "-x", "~", "*", "!!", "&& touch harm", "| touch harm", "> harm", "a=b,c@d+e", "${IFS}", "é",
        "🔑",
        "'; touch harm; '", "%0a", "#", "",
    ]

    /// The real shell takes the commands apart, with a function in the place of the AWS CLI.
    @Test(arguments: hostileNames)
    func `a hostile user name is one word to a shell, and does nothing`(name: String) throws {
        let folder = URL.temporaryDirectory.appending(path: "keywitness-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let commands = try recommended(.made(age: 200, lastUse: .never), name: name).commands
        #expect(commands.count == 3)
        let script = "aws() { for word in \"$@\"; do printf '%s\\0' \"$word\"; done; }\n" + commands[1].text + "\n"
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-euc", script]
        shell.currentDirectoryURL = folder
        let pipe = Pipe()
        shell.standardOutput = pipe
        try shell.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        let words = String(decoding: output, as: UTF8.self).split(separator: "\0", omittingEmptySubsequences: false)
            .dropLast()
        let named = name.hasPrefix("-") ? ["--user-name=\(name)"] : ["--user-name", name]
        #expect(
            words.map(String.init) == ["iam", "update-access-key"] + named + [
                "--access-key-id", "AKIA1", "--status", "Inactive",
            ])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test(arguments: [
        "file:///etc/passwd", "fileb://x", "a\nb", "a\u{1b}[2Kb", "a\u{202e}b", "a\0b", "http://x", "a\u{2028}b",
    ])
    func `a name that the AWS CLI or a terminal would read otherwise gets no command`(name: String) throws {
        let recommendation = try recommended(.made(age: 200, lastUse: .never), name: name)
        // What names only the key is still there.
        #expect(recommendation.commands.map(\.text) == ["aws iam get-access-key-last-used --access-key-id AKIA1"])
        #expect(recommendation.steps.count == 4)
    }

    @Test func `without ids there is nothing to give a command`() throws {
        let key = AccessKey(
            id: nil, slot: 1, status: .active, created: .before(days: 300), lastUse: .never,
            listed: .made(.getCredentialReport, 3))
        let recommendation = try recommended(key)
        #expect(recommendation.commands.isEmpty && recommendation.steps.count == 4)
    }

    @Test func `the report carries what to do, by when, why and how`() throws {
        let assessment = try Assessment.made(
            .made(
                users: [.made(keys: .listed([.made(age: 200, lastUse: .never)]))],
                root: RootUser(accessKeysPresent: true)))
        let report = try JSONValue(
            parsing: try #require(BundleDocuments.inMemory(assessment)[.report]))
        let entries = report["analysis_results"]["recommendations"]
        #expect(entries[0]["username"] == .string("<root_account>") && entries[0]["priority"] == .string("CRITICAL"))
        #expect(entries[1]["due_date"] == .string("2026-08-04T20:45:00Z"))
        #expect(entries[1]["overdue"] == .boolean(true))
        #expect(entries[1]["commands"].array.count == 3)
        #expect(entries[1]["why"] == .string("Nobody would miss the key, and whoever finds it can use it."))
    }
}
