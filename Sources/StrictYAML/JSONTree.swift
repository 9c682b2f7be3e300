import CanonicalJSON

/// Reads JSON (RFC 8259) into the same tree as YAML.
///
/// YAML 1.1, which libyaml reads, isn't quite a superset of JSON: it refuses emoji that are escaped as surrogate pairs
/// and the character U+007F, and it takes U+2028 for a line break and makes a space of it. Besides, an account with
/// 100,000 users takes nearly three times the time as YAML.
struct JSONTree {
    private let bytes: [UInt8]
    private let file: String
    private let limits: YAMLLimits
    private var index = 0
    private var line = 1

    init(_ text: String, file: String, limits: YAMLLimits) {
        bytes = Array(text.utf8)
        self.file = file
        self.limits = limits
    }

    /// nil for a text that isn't JSON; it may still be YAML.
    ///
    /// - Throws: for JSON that is nested too deep or has a key twice.
    mutating func read() throws(YAMLError) -> YAMLNode? {
        skipSpace()
        guard next == UInt8(ascii: "{") || next == UInt8(ascii: "["), let root = try value(.top, depth: 1) else {
            return nil
        }
        skipSpace()
        return index == bytes.count ? root : nil
    }

    private var next: UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private mutating func skipSpace() {
        while let byte = next {
            switch byte {
            case 0x20, 0x09, 0x0d: break
            case 0x0a: line += 1
            default: return
            }
            index += 1
        }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    // MARK: Values

    private mutating func value(_ path: YAMLPath, depth: Int) throws(YAMLError) -> YAMLNode? {
        guard depth <= limits.depth else { throw YAMLError(nestedDeeperThan: limits.depth, file: file, line: line) }
        let line = line
        switch next {
        case UInt8(ascii: "{"): return try mapping(path, depth).map { YAMLNode(.mapping($0), line: line) }
        case UInt8(ascii: "["): return try sequence(path, depth).map { YAMLNode(.sequence($0), line: line) }
        case UInt8(ascii: "\""): return string().map { YAMLNode(.quoted($0), line: line) }
        default: return word().map { YAMLNode(.plain($0), line: line) }
        }
    }

    private mutating func sequence(_ path: YAMLPath, _ depth: Int) throws(YAMLError) -> [YAMLNode]? {
        var elements: [YAMLNode] = []
        index += 1
        skipSpace()
        if skip("]") { return elements }
        repeat {
            skipSpace()
            guard let element = try value(.index(path, elements.count), depth: depth + 1) else { return nil }
            elements.append(element)
            skipSpace()
        } while skip(",")
        return skip("]") ? elements : nil
    }

    private mutating func mapping(_ path: YAMLPath, _ depth: Int) throws(YAMLError) -> [YAMLNode.Entry]? {
        var entries: [YAMLNode.Entry] = []
        index += 1
        skipSpace()
        if skip("}") { return entries }
        repeat {
            skipSpace()
            let line = Int32(clamping: line)
            guard next == UInt8(ascii: "\""), let key = string() else { return nil }
            skipSpace()
            guard skip(":") else { return nil }
            skipSpace()
            guard let value = try value(.key(path, key), depth: depth + 1) else { return nil }
            entries.append(YAMLNode.Entry(key: key, line: line, value: value))
            skipSpace()
        } while skip(",")
        guard skip("}") else { return nil }
        if let repeated = entries.firstRepeated {
            throw YAMLError(repeated: repeated.key, file: file, line: Int(repeated.line), path: path)
        }
        return entries
    }

    /// A number, `true`, `false` or `null`.
    private mutating func word() -> String? {
        let start = index
        while let byte = next, byte.isWordByte { index += 1 }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        return ["true", "false", "null"].contains(word) || word.isJSONNumber ? word : nil
    }

    // MARK: Strings

    private mutating func string() -> String? {
        index += 1
        let start = index
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\\") {
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: bytes[start..<index - 1], as: UTF8.self) }
        }
        var text = Array(bytes[start..<index])
        while let byte = next, byte >= 0x20 {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = try? JSONEscape.scalar(in: bytes, at: &index) else { return nil }
                text.append(contentsOf: String(scalar).utf8)
            default: text.append(byte)
            }
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "E"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
