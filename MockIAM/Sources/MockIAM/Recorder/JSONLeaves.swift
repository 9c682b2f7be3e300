import CanonicalJSON

/// Goes through a JSON text value by value, and writes it again with other values in it.
///
/// Everything around the values, white space and order included, stays as it is.
struct JSONLeaves {
    /// A value that is neither an object nor an array.
    enum Leaf: Equatable {
        case string(String)
        /// A number, with the digits that it is written with.
        case number(String)
        /// `true`, `false` or `null`.
        case literal(String)
    }

    private let bytes: [UInt8]
    private var index = 0
    private var written: [UInt8] = []
    private var path: [String] = []
    private let replacement: (_ path: [String], _ leaf: Leaf) -> Leaf?

    /// - Parameter replacement: gets the names of the members from the outermost to the value (an array's values have
    ///   the array's) and the value; nil leaves it as it is written.
    /// - Returns: nil where the text isn't JSON, or has a member that isn't named as AWS names its own.
    static func replacing(
        in bytes: [UInt8], _ replacement: (_ path: [String], _ leaf: Leaf) -> Leaf?
    ) -> [UInt8]? {
        withoutActuallyEscaping(replacement) { replacement in
            var text = JSONLeaves(bytes: bytes, replacement: replacement)
            guard text.value(), text.space(), text.index == bytes.count else { return nil }
            return text.written
        }
    }

    private init(bytes: [UInt8], replacement: @escaping (_ path: [String], _ leaf: Leaf) -> Leaf?) {
        self.bytes = bytes
        self.replacement = replacement
    }

    private var next: UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private mutating func copy() {
        written.append(bytes[index])
        index += 1
    }

    @discardableResult
    private mutating func space() -> Bool {
        while let next, [0x20, 0x09, 0x0a, 0x0d].contains(next) { copy() }
        return true
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        copy()
        return true
    }

    private mutating func value(depth: Int = 0) -> Bool {
        space()
        guard depth < 64, let next else { return false }
        switch next {
        case UInt8(ascii: "{"): return members(depth: depth)
        case UInt8(ascii: "["): return elements(depth: depth)
        case UInt8(ascii: "\""):
            let start = index
            guard let text = string() else { return false }
            leaf(.string(text), from: start)
            return true
        default: return word()
        }
    }

    private mutating func members(depth: Int) -> Bool {
        copy()
        space()
        if take("}") { return true }
        repeat {
            space()
            let start = index
            guard let name = string(), name.isFieldName(with: "_") else { return false }
            written += bytes[start..<index]
            space()
            guard take(":") else { return false }
            path.append(name)
            guard value(depth: depth + 1) else { return false }
            path.removeLast()
            space()
        } while take(",")
        return take("}")
    }

    private mutating func elements(depth: Int) -> Bool {
        copy()
        space()
        if take("]") { return true }
        repeat {
            guard value(depth: depth + 1) else { return false }
            space()
        } while take(",")
        return take("]")
    }

    private mutating func word() -> Bool {
        let start = index
        while let next, next != UInt8(ascii: ","), next != UInt8(ascii: "}"), next != UInt8(ascii: "]"), next > 0x20 {
            index += 1
        }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        if ["true", "false", "null"].contains(word) {
            leaf(.literal(word), from: start)
        } else if Double(word) != nil, word.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) {
            leaf(.number(word), from: start)
        } else {
            return false
        }
        return true
    }

    private mutating func leaf(_ leaf: Leaf, from start: Int) {
        switch replacement(path, leaf) {
        case nil, leaf?: written += bytes[start..<index]
        case .string(let text)?: written += JSONLeaves.quoted(text)
        case .number(let text)?, .literal(let text)?: written += Array(text.utf8)
        }
    }

    /// Reads a string without its escapes; nil where it is none.
    private mutating func string() -> String? {
        guard next == UInt8(ascii: "\"") else { return nil }
        index += 1
        var units: [UInt8] = []
        while let byte = next {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: units, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = try? JSONEscape.scalar(in: bytes, at: &index) else { return nil }
                units += Array(String(Character(scalar)).utf8)
            case 0..<0x20: return nil
            default: units.append(byte)
            }
        }
        return nil
    }

    private static func quoted(_ text: String) -> [UInt8] {
        CanonicalJSON.compact(text)
    }
}
