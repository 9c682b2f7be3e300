extension KeysCSV {
    private static let levelColumn = "risk_level"

    /// Why a table can't be read.
    package struct ReadingError: Error, Equatable, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// How many keys a table has of each risk level, read as RFC 4180 has CSV: cells in quotes may hold line breaks.
    package static func levels(in table: [UInt8]) throws(ReadingError) -> [String: Int] {
        var levels: [String: Int] = [:]
        // Of the header, the column of levels; of each other row, the level.
        var levelPlace: Int?
        var level: String?
        var isHeader = true
        var column = 0
        var cell: [UInt8] = []
        var isQuoted = false
        func endCell() {
            if isHeader {
                if String(decoding: cell, as: UTF8.self) == levelColumn { levelPlace = column }
            } else if column == levelPlace {
                level = String(decoding: cell, as: UTF8.self)
            }
            column += 1
            cell.removeAll(keepingCapacity: true)
        }
        for byte in table {
            switch byte {
            // One that stands for a quote itself is two, which end the quotes and begin them again.
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted: endCell()
            case UInt8(ascii: "\r") where !isQuoted: break
            case UInt8(ascii: "\n") where !isQuoted:
                endCell()
                if isHeader {
                    guard levelPlace != nil else {
                        throw ReadingError(description: "it has no column \(levelColumn)")
                    }
                    isHeader = false
                } else {
                    levels[level ?? "none", default: 0] += 1
                }
                (level, column) = (nil, 0)
            default: cell.append(byte)
            }
        }
        guard !isHeader, column == 0, cell.isEmpty, !isQuoted else {
            throw ReadingError(description: "its last row doesn't end")
        }
        return levels
    }
}
