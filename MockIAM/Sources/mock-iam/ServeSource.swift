import ArgumentParser
import FoundationEssentials
import MockIAM

/// What a server answers from.
struct ServeSource: ParsableArguments {
    @Option(help: ArgumentHelp("A recording to replay.", valueName: "dir"))
    var fixtures: String?

    @Option(help: ArgumentHelp("A file with one account or several; may be given more than once.", valueName: "file"))
    var account: [String] = []

    @Option(
        help: ArgumentHelp(
            "An account to make up, such as users=5000,keys=1.2,seed=7,profile=typical; profiles are typical, messy and "
                + "hostile. account=444455556666 gives it another number; its dates count back from "
                + "clock=2026-11-22T20:45:00Z, or else from the machine's time. May be given more than once.",
            valueName: "spec"))
    var generate: [String] = []

    func validate() throws {
        let kinds = [fixtures != nil, !account.isEmpty || !generate.isEmpty].count { $0 }
        guard kinds == 1 else {
            throw ValidationError(
                kinds == 0
                    ? "Give what to serve: --account FILE, --generate SPEC or --fixtures DIR."
                    : "A recording (--fixtures) can't be served together with accounts.")
        }
        do {
            for text in generate { _ = try MockIAM.GeneratorOptions(parsing: text) }
        } catch {
            throw ValidationError("--generate: \(error)")
        }
    }

    /// - Parameters:
    ///   - now: the instant of accounts that say none, which spans of time count from. Where the first account says one,
    ///     it is that, because it is the clock that all are judged by.
    ///   - isClockMoving: whether the clock runs. That of a generated account that isn't told an instant is the
    ///     machine's then, and no part of the account.
    func content(now: Date, isClockMoving: Bool) throws -> MockIAM.Content {
        if let fixtures { return .recording(try MockIAM.Fixture(path: fixtures)) }
        var accounts: [MockIAM.Account] = []
        for path in account {
            accounts += try MockIAM.Account.load(path: path, now: accounts.first?.clock ?? now)
        }
        for text in generate {
            let options = try MockIAM.GeneratorOptions(parsing: text)
            let clock = accounts.first?.clock
            var account = options.account(now: clock ?? now)
            // Nor is there anything to say of it in an account whose clock isn't the emulator's.
            if isClockMoving || !accounts.isEmpty { account.clock = options.clock }
            accounts.append(account)
        }
        let ids = Dictionary(grouping: accounts, by: \.id)
        if let twice = ids.first(where: { $0.value.count > 1 }) {
            throw ValidationError(
                "Account \(twice.key) comes more than once; give each an id of its own: 'account' in a file, or account= in "
                    + "--generate users=5000,account=444455556666.")
        }
        var owners: [String: String] = [:]
        for account in accounts {
            for key in account.accessKeyIDs {
                guard let other = owners.updateValue(account.id, forKey: key) else { continue }
                throw ValidationError(
                    "Access key \(key) is in account \(other) and in account \(account.id); a key belongs to one.")
            }
        }
        return .accounts(accounts)
    }

    /// The files that are named, or that would be found.
    var files: [String] {
        account + (fixtures.map { [$0, "\($0)/exchanges.jsonl", "\($0)/raw/exchanges.jsonl"] } ?? [])
    }
}

extension MockIAM.Account {
    /// Of all that can sign.
    fileprivate var accessKeyIDs: [String] {
        (users.flatMap(\.accessKeys) + root.accessKeys).map(\.id) + callers.map(\.accessKeyID)
    }
}
