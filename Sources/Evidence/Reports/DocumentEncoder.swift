package import FoundationEssentials

/// How documents become bytes: JSON with sorted keys, indented, ended by LF, so that two runs compare by `diff`.
package enum DocumentEncoder {
    package static func json(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }
}

extension Date {
    /// `2026-11-22T20:45:00Z`, whole seconds.
    package var iso8601: String { formatted(Date.ISO8601FormatStyle()) }

    /// `20261122T204500Z`: names the folder of a run.
    package var compactISO8601: String {
        formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
    }
}
