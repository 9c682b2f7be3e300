import FileContents
import FoundationEssentials
import SystemPackage

/// A value of a YAML or JSON file that knows where it stands, so that every error names file, line and way.
///
///     enum Key: String, CaseIterable { case name, created, tags }
///
///     let file = try YAMLValue(contentsOf: "users.yaml")
///     for user in try file.items() {
///         let user = try user.mapping("a user", keys: Key.self)   // refuses keys that a user doesn't have
///         let name = try user.required(.name).text()
///         let created = try user.required(.created).instant(relativeTo: clock)
///         let tags = try user[.tags]?.entries() ?? []
///     }
///
/// Nothing is guessed from how a scalar looks: `012345678901` is a text where a text is asked for, and only `true` and
/// `false` are booleans. Anchors, aliases, tags, repeated keys, several documents, and files that are too large or
/// nested too deep are refused.
package struct YAMLValue: Sendable {
    /// The name of the file, for messages.
    package let file: String
    let node: YAMLNode
    let place: YAMLPath

    init(_ node: YAMLNode, file: String, place: YAMLPath) {
        self.node = node
        self.file = file
        self.place = place
    }

    // MARK: Reading a file

    /// The top value of a text.
    ///
    /// - Parameters:
    ///   - text: YAML or JSON.
    ///   - file: what errors call it.
    package init(parsing text: String, file: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) {
        guard text.utf8.count <= limits.bytes else { throw .tooLarge(file: file, limits) }
        let text = text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
        guard text.contains(where: { !$0.isWhitespace }) else { throw YAMLError(file: file, reason: "is empty") }
        var json = JSONTree(text, file: file, limits: limits)
        if let root = try json.read() {
            self.init(root, file: file, place: .top)
        } else {
            let root = try YAMLComposer(text: text, file: file, limits: limits).compose()
            self.init(root, file: file, place: .top)
        }
    }

    /// The top value of a file's bytes, which must be UTF-8.
    package init(
        parsing bytes: some Sequence<UInt8>, file: String, limits: YAMLLimits = YAMLLimits()
    ) throws(YAMLError) {
        let bytes = Array(bytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw YAMLError(file: file, line: bytes.lineOfInvalidUTF8, reason: "isn't UTF-8")
        }
        try self.init(parsing: text, file: file, limits: limits)
    }

    /// The top value of the file at a path.
    package init(contentsOf path: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) {
        try self.init(parsing: try Self.bytes(ofFile: path, limits: limits), file: path, limits: limits)
    }

    /// What ``init(contentsOf:limits:)`` reads, for whoever needs it as it stands there: a pipe can be read only once.
    package static func bytes(ofFile path: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> [UInt8] {
        do { return try FilePath(path).contents(atMost: limits.bytes) } catch {
            switch error {
            case .missing: throw YAMLError(file: path, reason: "there is no such file")
            case .folder: throw YAMLError(file: path, reason: "is a directory; a YAML file is expected")
            case .larger: throw .tooLarge(file: path, limits)
            case .system(let error): throw YAMLError(file: path, reason: "can't be read (\(error))")
            }
        }
    }

    // MARK: Where it is and what it looks like

    /// Counted from 1.
    package var line: Int { Int(node.line) }

    /// The way from the top of the file, such as `users[3].created`; empty for the top.
    package var path: String { place.text }

    /// What a value looks like, for keys that take more than one form.
    package enum Form: Sendable, Equatable {
        /// Nothing, `~` or `null`.
        case null
        /// A text, number or boolean.
        case scalar
        /// A list.
        case sequence
        /// Keys with values.
        case mapping
    }

    /// What it looks like.
    package var form: Form {
        switch node.content {
        case .plain("~"), .plain("null"), .plain("Null"), .plain("NULL"), .plain(""): .null
        case .plain, .quoted: .scalar
        case .sequence: .sequence
        case .mapping: .mapping
        }
    }

    /// An error about this value.
    ///
    ///     guard id.utf8.count == 12 else { throw value.error("an account has 12 digits") }
    package func error(_ reason: String) -> YAMLError {
        YAMLError(file: file, line: line > 0 ? line : nil, path: path, reason: reason)
    }

    /// An error that says what was expected and what stands here instead.
    package func error(expected: String) -> YAMLError {
        error("expected \(expected), found \(described)")
    }

    private var described: String {
        switch node.content {
        case .plain("") where form == .null: "nothing"
        case .plain(let text): text.quoted
        case .quoted(let text): "the text \(text.quoted)"
        case .sequence(let elements): elements.isEmpty ? "an empty list" : "a list"
        case .mapping(let entries): entries.isEmpty ? "an empty mapping" : "a mapping"
        }
    }
}

extension YAMLError {
    fileprivate static func tooLarge(file: String, _ limits: YAMLLimits) -> YAMLError {
        YAMLError(file: file, reason: "is larger than \(limits.bytes) bytes")
    }
}

extension [UInt8] {
    fileprivate var lineOfInvalidUTF8: Int {
        var (line, start) = (1, 0)
        while let end = self[start...].firstIndex(of: 0x0a) {
            // A line feed is never within a character, so each line is valid or not by itself.
            if String(validating: self[start..<end], as: UTF8.self) == nil { return line }
            (line, start) = (line + 1, end + 1)
        }
        return line
    }
}
