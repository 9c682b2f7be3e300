import FoundationEssentials

extension CredentialReport {
    /// Reads a report as its CSV comes. What was read is let go of: the report of a large account has dozens of
    /// megabytes.
    struct Parser {
        /// A name has at most 64 characters, a path 512.
        private static let longestLine = 1 << 16

        /// What has come and isn't read yet.
        private var pending: [UInt8] = []
        private var lines = LineReader()
        private var columns: Columns?
        private var root: Row?
        private var users: [Row] = []

        mutating func add(_ csv: some Collection<UInt8>) throws(Problem) {
            pending += csv
            while let line = lines.next(of: pending, isWhole: false) { try read(line) }
            pending.removeSubrange(..<lines.position)
            lines.position = 0
            // Where a quote is never closed, all that follows is one line, which is looked at from its beginning again and
            // again.
            guard pending.count <= Self.longestLine else {
                throw Problem(place: "line \(lines.count + 1)", expected: "a line of at most \(Self.longestLine) bytes")
            }
        }

        /// The report, when all has come.
        mutating func finish() throws(Problem) -> CredentialReport {
            while let line = lines.next(of: pending, isWhole: true) { try read(line) }
            // Where there is nothing, the header is what is missing.
            if columns == nil { try read(Line(bytes: [], fields: [Field(start: 0, end: 0)], number: 1)) }
            return CredentialReport(root: root, users: users)
        }

        private mutating func read(_ line: Line) throws(Problem) {
            guard let columns else {
                columns = try Columns(header: line.fields.indices.map(line.text))
                return
            }
            if line.fields.count == 1, line.fields[0].isEmpty { return }
            let row = try columns.row(of: line)
            if row.user == "<root_account>", row.arn.hasSuffix(":root") {
                guard root == nil else { throw Problem(place: "line \(line.number)", expected: "one root user") }
                root = row
            } else {
                users.append(row)
            }
        }
    }

    /// Where a field is in the text. In quotes it may hold quotes, doubled.
    fileprivate struct Field {
        var start: Int
        var end: Int
        var isQuoted = false

        var isEmpty: Bool { start == end }
    }

    /// One line of a report, which may have line feeds in quotes.
    fileprivate struct Line {
        let bytes: [UInt8]
        let fields: [Field]
        /// From 1.
        let number: Int

        func text(_ column: Int) -> String {
            let field = fields[column]
            guard field.isQuoted else { return String(decoding: bytes[field.start..<field.end], as: UTF8.self) }
            var copy: [UInt8] = []
            var index = field.start
            while index < field.end {
                copy.append(bytes[index])
                // The second of two quotes.
                if bytes[index] == UInt8(ascii: "\"") { index += 1 }
                index += 1
            }
            return String(decoding: copy, as: UTF8.self)
        }

        /// Nil where it is neither true nor false.
        func boolean(_ column: Int) -> Bool? {
            if has("true", column) || has("TRUE", column) { return true }
            if has("false", column) || has("FALSE", column) { return false }
            return nil
        }

        /// Nil where the report says that there is none.
        ///
        /// - Parameter isKnown: false of a password, of which AWS may have no information. Of a key that would not be
        ///   the same as no date.
        func date(_ column: Int, _ name: String, isKnown: Bool = true) throws(Problem) -> Date? {
            if let date = Date(awsTimestamp: bytes[fields[column].start..<fields[column].end]) { return date }
            if has("N/A", column) { return nil }
            if !isKnown, has("no_information", column) || has("not_supported", column) { return nil }
            throw Problem(place: "line \(number): \(name) '\(text(column).prefix(40))'", expected: "an instant or N/A")
        }

        private func has(_ text: StaticString, _ column: Int) -> Bool {
            let field = fields[column]
            guard field.end - field.start == text.utf8CodeUnitCount else { return false }
            return text.withUTF8Buffer { unsafe bytes[field.start..<field.end].elementsEqual($0) }
        }
    }

    /// Lines of CSV as RFC 4180 has it, ended by line feeds or CRLF.
    fileprivate struct LineReader {
        /// Where the next line begins.
        var position = 0
        private(set) var count = 0
        private var fieldCount = 0

        /// - Parameter isWhole: whether nothing comes after these bytes.
        /// - Returns: nil where there is no whole line.
        mutating func next(of bytes: [UInt8], isWhole: Bool) -> Line? {
            guard position < bytes.count else { return nil }
            var fields: [Field] = []
            fields.reserveCapacity(fieldCount)
            var index = position
            while true {
                fields.append(field(of: bytes, &index))
                guard index < bytes.count else {
                    if !isWhole { return nil }
                    break
                }
                let separator = bytes[index]
                index += 1
                if separator == UInt8(ascii: ",") { continue }
                if separator == 0x0d {
                    // The line feed that belongs to it may be still to come.
                    if index == bytes.count, !isWhole { return nil }
                    if index < bytes.count, bytes[index] == 0x0a { index += 1 }
                }
                break
            }
            count += 1
            position = index
            fieldCount = fields.count
            return Line(bytes: bytes, fields: fields, number: count)
        }

        private func field(of bytes: [UInt8], _ index: inout Int) -> Field {
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
            /// `access_key_1`
            var name: String
            var active: Int
            var created: Int
            var usedDate: Int
            var usedRegion: Int
            var usedService: Int
        }

        init(header: [String]) throws(Problem) {
            count = header.count
            func column(_ name: String) throws(Problem) -> Int {
                guard let index = try optional(name) else {
                    throw Problem(place: "the header", expected: "a column '\(name)'")
                }
                return index
            }
            func optional(_ name: String) throws(Problem) -> Int? {
                let index = header.firstIndex(of: name)
                guard index == header.lastIndex(of: name) else {
                    throw Problem(place: "the header", expected: "one column '\(name)'")
                }
                return index
            }
            user = try column("user")
            arn = try column("arn")
            created = try column("user_creation_time")
            passwordEnabled = try column("password_enabled")
            passwordLastUsed = try optional("password_last_used")
            mfaActive = try optional("mfa_active")
            for number in 1...2 {
                let name = "access_key_\(number)"
                slots.append(
                    SlotColumns(
                        number: number, name: name, active: try column(name + "_active"),
                        created: try column(name + "_last_rotated"), usedDate: try column(name + "_last_used_date"),
                        usedRegion: try column(name + "_last_used_region"),
                        usedService: try column(name + "_last_used_service")))
            }
        }

        func row(of line: Line) throws(Problem) -> Row {
            guard line.fields.count == count else {
                throw Problem(
                    place: "line \(line.number) with \(line.fields.count) fields", expected: "\(count) fields")
            }
            guard let created = try line.date(created, "user_creation_time") else {
                throw Problem(place: "line \(line.number): user_creation_time", expected: "an instant")
            }
            var keys: [Slot] = []
            for slot in slots {
                if let key = try key(slot, line) { keys.append(key) }
            }
            return Row(
                user: line.text(user), arn: line.text(arn), created: created,
                passwordEnabled: line.boolean(passwordEnabled),
                passwordLastUsed: try passwordLastUsed.flatMap { (column) throws(Problem) in
                    try line.date(column, "password_last_used", isKnown: false)
                },
                mfaActive: mfaActive.flatMap(line.boolean), keys: keys)
        }

        /// An Inactive key keeps its date; where there is no key, there is none.
        private func key(_ slot: SlotColumns, _ line: Line) throws(Problem) -> Slot? {
            let created = try line.date(slot.created, "\(slot.name)_last_rotated")
            guard let isActive = line.boolean(slot.active) else {
                throw Problem(place: "line \(line.number): \(slot.name)_active", expected: "true or false")
            }
            let used = try line.date(slot.usedDate, "\(slot.name)_last_used_date")
            guard let created else {
                // What is active, or was used, is there.
                guard !isActive, used == nil else {
                    throw Problem(place: "line \(line.number): \(slot.name)_last_rotated", expected: "an instant")
                }
                return nil
            }
            return Slot(
                number: slot.number, isActive: isActive, created: created,
                lastUse: used.map {
                    Use(date: $0, service: line.text(slot.usedService), region: line.text(slot.usedRegion))
                })
        }
    }
}
