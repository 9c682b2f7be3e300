import Collector
import Evidence
import Foundation
import MockIAM
import Testing

/// AWS answers wrongly once about each of some users. Whatever it is, a run that says it is complete has every key.
@Suite struct GlitchTests {
    private enum Glitch: CaseIterable {
        /// ListUsers leaves the user out, the first or the second time.
        case notListed, notListedAgain
        /// ListUsers has the user twice.
        case listedTwice
        /// The user's keys are listed without the last, the first or the second time.
        case keyNotListed, keyNotListedAgain
        /// AWS doesn't know the user when it is asked for the keys, or for the password.
        case userUnknown, passwordUnknown
        /// AWS doesn't know a key when it is asked for its last use, or not whose it is.
        case keyUnknown, ownerUnknown
        /// The user has another name from the second list on.
        case renamed
        /// The report has no line of the user, or none of the last key.
        case notInReport, keyNotInReport
    }

    /// What befalls whom.
    private struct Plan {
        var glitches: [String: Glitch] = [:]
        /// The last key of each user.
        var lastKeys: [String: String] = [:]
    }

    private static func account(_ dice: inout AccountDice) -> MockIAM.Account {
        var account = MockIAM.Account(clock: .testNow, created: .ago(days: 3000))
        // Made for the run, or handed out from the cache; everything is older.
        account.credentialReport = MockIAM.CredentialReportPlan(
            generated: dice.happens(60) ? nil : .ago(seconds: 60 * Double(dice.roll(1...200))), polls: dice.roll(1...3))
        account.users = (0..<dice.roll(1...6)).map { number in
            let keys = (0..<dice.roll(0...2)).map { place in
                // Often made in the same second.
                MockIAM.AccessKey(
                    "AKIA0000000000000\(number)\(place)X", created: .ago(days: dice.oneOf([50, 50, 200])),
                    lastUse: dice.happens(50) ? MockIAM.LastUse(.ago(days: 3)) : nil)
            }
            return MockIAM.User("user-\(number)", created: .ago(days: 900 + Double(number)), accessKeys: keys)
        }
        return account
    }

    @Test(arguments: [CollectionSource.auto, .live, .report])
    func `a complete run has every key, whatever AWS got wrong once`(_ source: CollectionSource) async throws {
        var (complete, incomplete) = (0, 0)
        for seed in 0..<400 {
            var dice = AccountDice(seed: UInt64(seed) + 7)
            let account = Self.account(&dice)
            var plan = Plan()
            for user in account.users {
                plan.lastKeys[user.name] = user.accessKeys.last?.id
                if dice.happens(40) { plan.glitches[user.name] = dice.oneOf(Glitch.allCases) }
            }
            let emulator = try InProcessEmulator(account, edit: Self.edit(plan))
            let assessment = try await emulator.collect(source)
            let found = Set(assessment.keys.map(\.key.label))
            let all = Set(account.users.flatMap { $0.accessKeys.map(\.id) })
            #expect(found.isSubset(of: all), "account \(seed)")
            if assessment.isComplete {
                complete += 1
                let missing = all.subtracting(found)
                #expect(missing.isEmpty, "account \(seed): \(missing) of \(plan.glitches)")
            } else {
                incomplete += 1
            }
        }
        // Both are put to the test.
        #expect(complete > 80 && incomplete > 80, "\(complete) \(incomplete)")
    }

    private static func edit(_ plan: Plan) -> Edit {
        { action, time, form, reply in
            var edited = reply
            for (user, glitch) in plan.glitches {
                let isAboutUser = form.contains("UserName=\(user)")
                let lastKey = plan.lastKeys[user]
                switch (glitch, action) {
                case (.notListed, "ListUsers") where time == 1, (.notListedAgain, "ListUsers") where time == 2:
                    edited = edited.without(memberWith: "<UserName>\(user)<")
                case (.listedTwice, "ListUsers") where time == 1:
                    edited = edited.twice(memberWith: "<UserName>\(user)<")
                case (.renamed, "ListUsers") where time > 1:
                    edited = edited.replacing("<UserName>\(user)<", with: "<UserName>new-\(user)<")
                case (.keyNotListed, "ListAccessKeys") where isAboutUser && time == 1,
                    (.keyNotListedAgain, "ListAccessKeys") where isAboutUser && time == 2:
                    if let lastKey { edited = edited.without(memberWith: lastKey) }
                case (.userUnknown, "ListAccessKeys") where isAboutUser && time == 1,
                    (.passwordUnknown, "GetLoginProfile") where isAboutUser && time == 1:
                    edited = .unknownUser(user)
                case (.keyUnknown, "GetAccessKeyLastUsed") where time == 1 && form.contains(lastKey ?? "-"):
                    edited = .unknownKey(form)
                case (.ownerUnknown, "GetAccessKeyLastUsed") where time == 1 && form.contains(lastKey ?? "-"):
                    edited = edited.replacing("<UserName>\(user)</UserName>", with: "")
                case (.notInReport, "GetCredentialReport"): edited = edited.withoutReportRow(of: user)
                case (.keyNotInReport, "GetCredentialReport"): edited = edited.withoutSecondKey(of: user)
                default: break
                }
            }
            return edited
        }
    }
}
