import CanonicalJSON
import FoundationEssentials
import MockIAM
import Testing

@Suite("Generated accounts")
struct GeneratedAccountTests {
    private static let clock = Date(timeIntervalSince1970: 1_795_380_300)

    private func generated(
        users: Int = 3000, keys: Double = 1.2, seed: UInt64 = 1, _ profile: MockIAM.Profile = .typical,
        id: String = "111122223333"
    ) -> MockIAM.Account {
        .generated(id: id, users: users, keys: keys, seed: seed, profile: profile, clock: Self.clock)
    }

    // A seed's account is part of the interface. If one of these fails, the generator has changed, and not the test.
    @Test(
        "A seed's account never changes",
        arguments: [
            (MockIAM.Profile.typical, 1 as UInt64, 13_780_686_162_758_565_895 as UInt64),
            (.typical, 7, 14_807_436_905_391_466_149), (.messy, 1, 7_022_587_359_180_225_864),
            (.hostile, 1, 15_122_799_746_738_602_930),
        ]
    )
    func pinned(profile: MockIAM.Profile, seed: UInt64, hash: UInt64) {
        let account = generated(users: 500, seed: seed, profile)
        #expect(account == generated(users: 500, seed: seed, profile))
        #expect(fnv1a(CanonicalJSON.compact(account)) == hash)
    }

    private func fnv1a(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    @Test("Another seed is another account, and another account id has other keys")
    func seeds() {
        #expect(generated(seed: 1) != generated(seed: 2))
        let (one, other) = (generated(), generated(id: "222233334444"))
        #expect(one.users.map(\.name) == other.users.map(\.name))
        #expect(one.users.map(\.created) == other.users.map(\.created))
        let ids = Set(one.users.flatMap(\.accessKeys).map(\.id))
        #expect(ids.isDisjoint(with: other.users.flatMap(\.accessKeys).map(\.id)))
    }

    @Test("Another clock changes the dates, and neither names nor key ids", arguments: MockIAM.Profile.allCases)
    func clocks(profile: MockIAM.Profile) {
        let later = MockIAM.Account.generated(users: 300, profile: profile, clock: Self.clock + 86_400 * 400)
        let now = generated(users: 300, profile)
        #expect(now.users.map(\.name) == later.users.map(\.name))
        #expect(now.users.flatMap(\.accessKeys).map(\.id) == later.users.flatMap(\.accessKeys).map(\.id))
        #expect(now.users.map(\.created) != later.users.map(\.created))
    }

    @Test(
        "There are as many users and keys as asked for",
        arguments: [0, 1, 2, 7, 100, 800], [0, 0.3, 1, 1.2, 1.5, 2]
    )
    func counts(users: Int, keys: Double) {
        for profile in MockIAM.Profile.allCases {
            let account = generated(users: users, keys: keys, profile)
            let live = account.users.filter { $0.deleted == nil }
            #expect(live.count == users)
            let liveKeys = live.map { user in user.accessKeys.count { $0.deleted == nil } }
            #expect(liveKeys.reduce(0, +) == Int((Double(users) * keys).rounded()))
            #expect(liveKeys.allSatisfy { $0 <= 2 })
        }
    }

    @Test("At one key a user, one in five has none and one in five has two")
    func shares() {
        let counts = generated(users: 1000, keys: 1).users.map(\.accessKeys.count)
        #expect([0, 1, 2].map { number in counts.count { $0 == number } } == [200, 600, 200])
    }

    private static let letters = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-".unicodeScalars)

    @Test("Names are unique whatever their case, and IAM allows them", arguments: MockIAM.Profile.allCases)
    func names(profile: MockIAM.Profile) {
        for users in [30, 400, 2000] {
            let names = generated(users: users, profile).users.map(\.name)
            #expect(Set(names.map { $0.lowercased() }).count == names.count)
            let foreign = names.filter {
                !(1...64 ~= $0.utf8.count && $0.unicodeScalars.allSatisfy(Self.letters.contains))
            }
            #expect(foreign.isEmpty)
        }
    }

    @Test("Keys have ids of their own in AWS's form", arguments: MockIAM.Profile.allCases)
    func keyIDs(profile: MockIAM.Profile) {
        let account = generated(profile)
        let ids = (account.users.flatMap(\.accessKeys) + account.root.accessKeys).map(\.id)
        #expect(Set(ids).count == ids.count)
        let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".unicodeScalars)
        #expect(
            ids.allSatisfy {
                $0.hasPrefix("AKIA") && $0.utf8.count == 20 && $0.unicodeScalars.allSatisfy(letters.contains)
            })
    }

    @Test("Nothing happens before its time", arguments: MockIAM.Profile.allCases)
    func order(profile: MockIAM.Profile) {
        let account = generated(profile)
        let now = Self.clock + 5
        for user in account.users {
            #expect(account.created <= user.created && user.created <= now)
            for key in user.accessKeys {
                #expect(user.created <= key.created && key.created <= now, "\(user)")
                for use in [key.lastUse, key.earlierUse].compactMap({ $0 }) {
                    #expect(key.created <= use.date && use.date <= (user.deleted ?? Self.clock), "\(user)")
                }
                if let deleted = key.deleted { #expect(key.created < deleted && deleted < Self.clock) }
            }
            if let password = user.password {
                #expect(user.created <= password.created && password.created <= now, "\(user)")
                #expect(password.lastUsed.map { password.created <= $0 && $0 <= now } ?? true, "\(user)")
                #expect(password.changed.map { password.created <= $0 && $0 <= now } ?? true, "\(user)")
            }
            #expect(user.mfaDevices.allSatisfy { user.created <= $0.enabled && $0.enabled <= now }, "\(user)")
        }
    }

    @Test("A typical account has every band of age and idleness, and every kind of credential")
    func typical() {
        let users = generated(users: 5000).users
        let keys = users.flatMap(\.accessKeys)
        let ages = keys.map { Int(Self.clock.timeIntervalSince($0.created) / 86_400) }
        let idle = keys.compactMap(\.lastUse).map { Int(Self.clock.timeIntervalSince($0.date) / 86_400) }
        for band in [0..<30, 30..<60, 60..<90, 90..<120, 120..<180, 180..<4000] {
            #expect(ages.count { band.contains($0) } > keys.count / 50, "\(band)")
        }
        for band in [0..<30, 30..<60, 60..<90, 90..<120, 120..<4000] {
            #expect(idle.count { band.contains($0) } > keys.count / 50, "\(band)")
        }
        let neverUsed = keys.filter { $0.lastUse == nil }
        #expect((keys.count / 10...keys.count / 3).contains(neverUsed.count))
        #expect((keys.count / 20...keys.count / 5).contains(keys.count { $0.status == "Inactive" }))
        #expect(keys.contains { $0.lastUse?.region == "N/A" } && keys.contains { $0.lastUse?.region == "eu-west-1" })
        #expect(users.contains { !$0.signingCertificates.isEmpty } && users.contains { !$0.sshPublicKeys.isEmpty })
        #expect(users.contains { !$0.serviceSpecificCredentials.isEmpty })
        #expect(
            users.contains { $0.password != nil && $0.mfaDevices.isEmpty } && users.contains { !$0.mfaDevices.isEmpty })
        #expect(
            users.contains { $0.path != "/" } && users.contains { $0.tags.isEmpty }
                && users.contains { $0.tags.count > 2 })
    }

    @Test("A messy account has each oddity, even with few users", arguments: [40, 4000])
    func messy(users: Int) throws {
        let account = generated(users: users, .messy)
        let live = account.users.filter { $0.deleted == nil }
        let report = try #require(account.credentialReport.generated)
        #expect(report == Self.clock - 3 * 3600)
        #expect(account.root.accessKeys.count == 1 && !account.root.hasMFA)
        let year2015 = Date(timeIntervalSince1970: 1_420_070_400)
        #expect(
            live.contains {
                $0.created < year2015 && $0.accessKeys.contains { $0.lastUse == nil && $0.created < year2015 }
            })
        #expect(
            live.contains { user in
                user.accessKeys.count == 2 && user.accessKeys[0].created == user.accessKeys[1].created
                    && user.accessKeys.allSatisfy { $0.status == "Active" }
            })
        #expect(live.contains { $0.accessKeys.contains { $0.status == "Expired" } })
        #expect(
            live.contains {
                $0.accessKeys.contains {
                    ($0.lastUse?.date ?? report) > report && ($0.earlierUse?.date ?? Self.clock) < report
                }
            })
        #expect(live.contains { $0 == MockIAM.User($0.name, created: $0.created) })
        let plainPaths: Set = ["/", "/ci/", "/team/backend/", "/team/data/", "/services/", "/vendors/"]
        #expect(live.contains { !plainPaths.contains($0.path) })
        #expect(live.contains { $0.password?.resetRequired == true })
        #expect(live.contains { $0.created > Self.clock })
        #expect(live.contains { $0.accessKeys.contains { ($0.deleted ?? .distantPast) > report } })
        #expect(account.users.contains { ($0.deleted ?? .distantPast) > report && $0.created < report })
        #expect(live.contains { $0.name != $0.name.lowercased() })
    }

    @Test("A hostile account has texts that break clients")
    func hostile() {
        let users = generated(users: 400, .hostile).users
        let names = Set(users.map(\.name))
        for name in [
            "=cmd", "@sum", "+1", "-1", ",", "..", "--help", "root_account", "no_information", "N.A", "012345678901",
        ] {
            #expect(names.contains(name), "\(name)")
        }
        #expect(names.contains { $0.utf8.count == 64 })
        let values = users.flatMap(\.tags).map(\.value).joined()
        for part in ["<&>\"'", "]]>", "🔑", "\u{202e}", "$(", "`", "\u{1}", "\u{7f}", "\r\n", "=cmd|"] {
            #expect(values.unicodeScalars.contains(part.unicodeScalars), "\(part.debugDescription)")
        }
        #expect(users.contains { $0.path.utf8.count == 512 } && users.contains { $0.path.contains("<") })
        let statuses = Set(users.flatMap(\.accessKeys).map(\.status))
        #expect(statuses.isSuperset(of: ["Active", "Inactive", "Expired", "Suspended", "<Active>"]))
    }

    @Test("What a profile adds leaves the other users as they are")
    func additions() {
        let typical = Dictionary(uniqueKeysWithValues: generated().users.map { ($0.name, $0.created) })
        let same = generated(.messy).users.count { typical[$0.name] == $0.created }
        #expect(same > 2600)
    }
}
