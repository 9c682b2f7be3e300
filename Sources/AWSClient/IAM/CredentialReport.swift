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

    package init(csv: Data) throws(Problem) {
        // One copy, to have contiguous bytes with indices from 0.
        let bytes = [UInt8](csv)
        var reader = Reader(bytes: bytes)
        let columns = try Columns(header: reader.nextRow(), bytes)
        var root: Row?
        var users: [Row] = []
        users.reserveCapacity(bytes.count / 300)
        while !reader.isAtEnd {
            let fields = reader.nextRow()
            if fields.count == 1, fields.first?.isEmpty == true { continue }
            let row = try columns.row(fields, bytes, line: reader.line)
            if row.user == "<root_account>", row.arn.hasSuffix(":root") {
                root = row
            } else {
                users.append(row)
            }
        }
        self.init(root: root, users: users)
    }
}

extension CredentialReport {
    /// Where a field is in the text. In quotes it may hold quotes, doubled.
    fileprivate struct Field {
        var start: Int
        var end: Int
        var isQuoted = false

        var isEmpty: Bool { start == end }

        func text(_ bytes: [UInt8]) -> String {
            var copy: [UInt8] = []
            copy.reserveCapacity(end - start)
            var index = start
            while index < end {
                copy.append(bytes[index])
                // The second of two quotes.
                if isQuoted, bytes[index] == UInt8(ascii: "\"") { index += 1 }
                index += 1
            }
            return String(decoding: copy, as: UTF8.self)
        }

        func equals(_ text: String, _ bytes: [UInt8]) -> Bool {
            end - start == text.utf8.count && bytes[start..<end].elementsEqual(text.utf8)
        }
    }

    /// Rows of CSV as RFC 4180 has it, with line feeds or CRLF.
    fileprivate struct Reader {
        let bytes: [UInt8]
        private var index = 0
        /// Of the last row, from 1; rows are counted.
        private(set) var line = 0

        init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        var isAtEnd: Bool { index >= bytes.count }

        mutating func nextRow() -> [Field] {
            line += 1
            var fields: [Field] = []
            fields.reserveCapacity(24)
            while true {
                fields.append(nextField())
                guard index < bytes.count else { return fields }
                let separator = bytes[index]
                index += 1
                if separator == UInt8(ascii: ",") { continue }
                if separator == 0x0d, index < bytes.count, bytes[index] == 0x0a { index += 1 }
                return fields
            }
        }

        private mutating func nextField() -> Field {
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                let start = index
                while index < bytes.count, !isSeparator(bytes[index]) { index += 1 }
                return Field(start: start, end: index)
            }
            index += 1
            let start = index
            while index < bytes.count {
                if bytes[index] == UInt8(ascii: "\"") {
                    guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\"") else { break }
                    index += 1
                }
                index += 1
            }
            let end = min(index, bytes.count)
            index = min(index + 1, bytes.count)
            // What stands between the closing quote and the next separator has no business there; the row won't fit.
            return Field(start: start, end: end, isQuoted: true)
        }

        private func isSeparator(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: ",") || byte == 0x0a || byte == 0x0d
        }
    }
}

extension CredentialReport {
    /// Which field is what.
    fileprivate struct Columns {
        private var count: Int
        private var user: Int
        private var arn: Int
        private var created: Int
        private var passwordEnabled: Int
        private var passwordLastUsed: Int?
        private var mfaActive: Int?
        private var slots: [SlotColumns] = []

        private struct SlotColumns {
            var number: Int
            var active: Int
            var created: Int
            var usedDate: Int
            var usedRegion: Int
            var usedService: Int
        }

        init(header: [String]) throws(Problem) {
            count = header.count
            func column(_ name: String) throws(Problem) -> Int {
                guard let index = header.firstIndex(of: name) else {
                    throw Problem(place: "the header", expected: "a column '\(name)'")
                }
                return index
            }
            user = try column("user")
            arn = try column("arn")
            created = try column("user_creation_time")
            passwordEnabled = try column("password_enabled")
            passwordLastUsed = header.firstIndex(of: "password_last_used")
            mfaActive = header.firstIndex(of: "mfa_active")
            for number in 1...2 {
                let key = "access_key_\(number)_"
                slots.append(
                    SlotColumns(
                        number: number, active: try column(key + "active"), created: try column(key + "last_rotated"),
                        usedDate: try column(key + "last_used_date"), usedRegion: try column(key + "last_used_region"),
                        usedService: try column(key + "last_used_service")))
            }
        }

        func row(_ fields: [Field], _ bytes: [UInt8], line: Int) throws(Problem) -> Row {
            guard fields.count == count else {
                throw Problem(place: "line \(line) with \(fields.count) fields", expected: "\(count) fields")
            }
            let context = Context(fields: fields, line: line)
            guard let created = try context.date(created, "user_creation_time", bytes) else {
                throw Problem(place: "line \(line): user_creation_time", expected: "an instant")
            }
            var keys: [Slot] = []
            for slot in slots {
                if let key = try self.key(slot, context, bytes) { keys.append(key) }
            }
            return Row(
                user: fields[user].text(bytes), arn: fields[arn].text(bytes), created: created,
                passwordEnabled: fields[passwordEnabled].boolean(bytes),
                passwordLastUsed: try passwordLastUsed.flatMap { (column) throws(Problem) in
                    try context.date(column, "password_last_used", bytes)
                },
                mfaActive: mfaActive.flatMap { fields[$0].boolean(bytes) }, keys: keys)
        }

        /// An Inactive key keeps its date; where there is no key, there is none.
        private func key(_ slot: SlotColumns, _ context: Context, _ bytes: [UInt8]) throws(Problem) -> Slot? {
            let name = "access_key_\(slot.number)"
            let created = try context.date(slot.created, name, bytes)
            guard let isActive = context.fields[slot.active].boolean(bytes) else {
                throw Problem(place: "line \(context.line): \(name)_active", expected: "true or false")
            }
            guard let created else {
                guard !isActive else {
                    throw Problem(place: "line \(context.line): \(name)_last_rotated", expected: "an instant")
                }
                return nil
            }
            let used = try context.date(slot.usedDate, name, bytes)
            return Slot(
                number: slot.number, isActive: isActive, created: created,
                lastUse: used.map {
                    Use(
                        date: $0, service: context.fields[slot.usedService].text(bytes),
                        region: context.fields[slot.usedRegion].text(bytes))
                })
        }
    }

    fileprivate struct Context {
        var fields: [Field]
        var line: Int

        /// Nil for the words with which the report says that there is no date.
        func date(_ column: Int, _ name: String, _ bytes: [UInt8]) throws(Problem) -> Date? {
            let field = fields[column]
            if let date = Date(awsTimestamp: bytes[field.start..<field.end]) { return date }
            let text = field.text(bytes)
            if ["N/A", "no_information", "not_supported"].contains(text) { return nil }
            throw Problem(place: "line \(line): \(name) '\(text.prefix(40))'", expected: "an instant or N/A")
        }
    }
}

extension CredentialReport.Columns {
    fileprivate init(header: [CredentialReport.Field], _ bytes: [UInt8]) throws(CredentialReport.Problem) {
        try self.init(header: header.map { $0.text(bytes) })
    }
}

extension CredentialReport.Field {
    fileprivate func boolean(_ bytes: [UInt8]) -> Bool? {
        if equals("true", bytes) || equals("TRUE", bytes) { return true }
        if equals("false", bytes) || equals("FALSE", bytes) { return false }
        return nil
    }
}
