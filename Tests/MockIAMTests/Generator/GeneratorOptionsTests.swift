import FoundationEssentials
import MockIAM
import Testing

@Suite("Generator options")
struct GeneratorOptionsTests {
    @Test("Options are read from one argument, in any order")
    func parsing() throws {
        let clock = Date(timeIntervalSince1970: 1_795_380_300)
        #expect(
            try MockIAM.GeneratorOptions(
                parsing: "users=5000,keys=1.5,seed=7,profile=messy,account=222233334444,clock=2026-11-22T20:45:00Z")
                == MockIAM.GeneratorOptions(
                    users: 5000, keys: 1.5, seed: 7, profile: .messy, account: "222233334444", clock: clock))
        #expect(try MockIAM.GeneratorOptions(parsing: "seed=0,users=3") == MockIAM.GeneratorOptions(users: 3, seed: 0))
    }

    @Test(
        "What isn't understood is named, with what was expected",
        arguments: [
            ("", "'' is not an option of the generator; there are users, keys, seed, profile, account, clock"),
            ("seed=1", "'users' is missing: say how many, such as users=500"),
            ("users=1,profil=messy", "'profil' is not an option of the generator; did you mean 'profile'?"),
            ("users=1,", "'' is not an option of the generator; there are users, keys, seed, profile, account, clock"),
            ("users", "'users': users is a whole number from 0 to 1000000"),
            ("users=", "'users=': users is a whole number from 0 to 1000000"),
            ("users=many", "'users=many': users is a whole number from 0 to 1000000"),
            ("users=1000001", "'users=1000001': users is a whole number from 0 to 1000000"),
            ("users=-1", "'users=-1': users is a whole number from 0 to 1000000"),
            ("users=1,users=2", "'users' is given twice"),
            ("users=1,keys=2.1", "'keys=2.1': keys is a number from 0 to 2: access keys a user, on average"),
            ("users=1,keys=nan", "'keys=nan': keys is a number from 0 to 2: access keys a user, on average"),
            ("users=1,seed=-1", "'seed=-1': seed is a whole number from 0 to 18446744073709551615"),
            ("users=1,profile=evil", "'profile=evil': profile is one of typical, messy, hostile"),
            ("users=1,account=1", "'account=1': account is an account's 12 digits"),
            ("users=1,clock=now", "'clock=now': clock is an instant such as 2026-11-22T20:45:00Z"),
        ]
    )
    func errors(text: String, expected: String) {
        #expect(throws: MockIAM.GeneratorOptionsError.self) { try MockIAM.GeneratorOptions(parsing: text) }
        do {
            _ = try MockIAM.GeneratorOptions(parsing: text)
        } catch {
            #expect(error.description == expected)
        }
    }

    @Test("The account has the clock of the options, or else of now, in whole seconds")
    func account() {
        let now = Date(timeIntervalSince1970: 1_800_000_000.9)
        let account = MockIAM.GeneratorOptions(users: 3, keys: 1, account: "222233334444").account(now: now)
        #expect(account.clock == Date(timeIntervalSince1970: 1_800_000_000))
        #expect(account.id == "222233334444" && account.users.count == 3)
        let clock = Date(timeIntervalSince1970: 1_700_000_000)
        #expect(MockIAM.GeneratorOptions(users: 3, clock: clock).account(now: now).clock == clock)
    }
}
