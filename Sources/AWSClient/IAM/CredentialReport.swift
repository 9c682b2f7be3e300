package import FoundationEssentials

/// AWS's credential report, read.
///
/// Live reports have 22 columns, lower-case booleans and the root user first; the page that documents them has one
/// column more. Columns are found by name, therefore, and those that aren't needed may be missing.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
package struct CredentialReport: Sendable, Equatable {
    /// One user.
    package struct Row: Sendable, Equatable {
        package var user: String
        package var arn: String
        package var created: Date
        /// Nil where the report says neither, as it does of the root user.
        package var passwordEnabled: Bool?
        package var passwordLastUsed: Date?
        package var mfaActive: Bool?
        /// The access keys that exist, by slot.
        package var keys: [Slot]
    }

    /// An access key as the report has it: without its id.
    package struct Slot: Sendable, Equatable {
        /// 1 or 2. What order the slots have is documented nowhere.
        package var number: Int
        /// Inactive keys are listed, too.
        package var isActive: Bool
        /// When the key was made; the report calls it "last rotated".
        package var created: Date
        /// Nil where no use is known.
        package var lastUse: Use?
    }

    package struct Use: Sendable, Equatable {
        package var date: Date
        package var service: String
        /// `N/A` for some global services.
        package var region: String
    }

    /// The account's root user; its ARN ends in `:root`.
    package var root: Row?
    /// All others, in the report's order.
    package var users: [Row]

    package init(root: Row? = nil, users: [Row]) {
        self.root = root
        self.users = users
    }

    /// What is wrong with a report, and where.
    package struct Problem: Error, Equatable {
        package var place: String
        package var expected: String
    }

    package init(csv: some Collection<UInt8>) throws(Problem) {
        var parser = Parser()
        try parser.add(csv)
        self = try parser.finish()
    }
}
