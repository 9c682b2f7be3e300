public import FoundationEssentials
import StrictYAML

extension MockIAM {
    /// The accounts that a file describes, in YAML or JSON.
    ///
    ///     account: "111122223333"
    ///     clock: 2026-11-22T20:45:00Z
    ///     users:
    ///       - name: ci-deploy
    ///         created: 400d ago
    ///         keys:
    ///           - {created: 380d ago, last_used: 3d ago}
    ///
    /// Several accounts stand in a list, `accounts: [{account: …}, …]`, with a `clock` and `allow_invalid` for all of
    /// them beside it, if need be. `MockIAM/Accounts` has examples, and docs/mock-iam.md every key.
    public struct AccountFile: Sendable, Equatable {
        /// In the order of the file.
        public var accounts: [Account]

        /// The file that describes these accounts; it is written as JSON by `CanonicalJSON`.
        public init(_ accounts: [Account]) {
            self.accounts = accounts
        }

        /// Reads what a file says.
        ///
        /// - Parameters:
        ///   - text: YAML or JSON.
        ///   - file: what errors call it.
        ///   - now: the instant that `3d ago` counts from, in accounts that have no clock.
        /// - Throws: where it isn't YAML, says what no account can have, or what IAM would refuse (unless it says
        ///   `allow_invalid: true`).
        public init(parsing text: String, file: String = "account.yaml", now: Date) throws(AccountFileError) {
            do throws(YAMLError) {
                try self.init(try YAMLValue(parsing: text, file: file, limits: Self.limits), now: now)
            } catch {
                throw AccountFileError(error)
            }
        }

        /// Reads the file at a path. See ``init(parsing:file:now:)``.
        public init(path: String, now: Date = .now) throws(AccountFileError) {
            do throws(YAMLError) {
                try self.init(try YAMLValue(contentsOf: path, limits: Self.limits), now: now)
            } catch {
                throw AccountFileError(error)
            }
        }

        /// An account with 100,000 users is 45 MB of JSON.
        private static let limits = YAMLLimits(bytes: 256 << 20)
    }
}

extension MockIAM.Account {
    /// The accounts of a file, in its order: one, or those of its list `accounts`.
    ///
    ///     let accounts = try MockIAM.Account.load(path: "MockIAM/Accounts/small.yaml")
    ///
    /// - Parameters:
    ///   - path: a YAML or JSON file, as ``MockIAM/AccountFile`` describes.
    ///   - now: the instant that `3d ago` counts from, in accounts that have no clock.
    public static func load(path: String, now: Date = .now) throws(MockIAM.AccountFileError) -> [MockIAM.Account] {
        try MockIAM.AccountFile(path: path, now: now).accounts
    }
}
