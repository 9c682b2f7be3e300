import FoundationEssentials

/// One of AWS's shared files, as AWS CLI reads it: sections with settings, and settings with settings of their own.
///
/// The format is what Python's `configparser` takes: `name = value` or `name: value`, comments on lines of their own
/// (`#`, `;`), names without regard to case, further lines of a value indented. A section or a name that stands twice is
/// an error; what stands in `[DEFAULT]` holds in every section that doesn't say otherwise. Source: "Configuration and
/// credential file settings", AWS CLI User Guide, and botocore's configloader.
package struct SharedFile: Sendable {
    /// A setting's value.
    package enum Value: Sendable, Equatable {
        case text(String)
        /// `s3 =` with indented settings below it. Their names keep their case.
        case group([String: String])
    }

    package typealias Section = [String: Value]

    /// Where it is; nil where no home directory is known.
    package let path: String?
    /// Whether there was such a file.
    package let exists: Bool
    /// By the text between the brackets, as it stands.
    package private(set) var sections: [(name: String, settings: Section)] = []

    /// - Parameter read: gives a file's bytes; nil where there is no such file, and throws where it can't be read. A
    ///   directory is no such file, as for AWS CLI, and neither is what can't be seen: below something that isn't a
    ///   directory (`HOME=/dev/null`), or below one that may not be entered (`HOME=/root` of a job without root's rights).
    init(path: String?, read: (String) throws -> [UInt8]?) throws(CredentialError) {
        self.path = path
        guard let path else {
            exists = false
            return
        }
        let bytes: [UInt8]?
        do {
            bytes = try read(path)
        } catch {
            guard path.isNoFile else { throw .unreadable(file: path, reason: "\(error)") }
            bytes = nil
        }
        exists = bytes != nil
        guard let bytes else { return }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unreadable(file: path, reason: "the file isn't UTF-8 text")
        }
        // AWS CLI doesn't read it either, so that a file that works here works there.
        guard !text.unicodeScalars.starts(with: ["\u{FEFF}"]) else {
            throw .unreadable(
                file: path,
                reason: "it begins with a byte order mark, as some Windows editors write it; save it without")
        }
        do {
            var parser = SharedFileParser()
            sections = try parser.sections(of: text)
        } catch {
            throw .unreadable(file: path, reason: "line \(error.line): \(error.reason)")
        }
    }

    /// The settings of a section whose name is exactly this.
    package subscript(section: String) -> Section? {
        sections.first { $0.name == section }?.settings
    }
}

extension String {
    /// Whether no file is to be seen.
    fileprivate var isNoFile: Bool {
        var isDirectory = false
        return !FileManager.default.fileExists(atPath: self, isDirectory: &isDirectory) || isDirectory
    }
}

extension SharedFile.Value {
    /// Nil for a group.
    package var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}

/// Where a shared file breaks the rules.
struct SharedFileError: Error {
    var line: Int
    var reason: String
}

/// Reads a shared file line by line.
private struct SharedFileParser {
    /// A setting while its lines are read.
    private struct Setting {
        var name: String
        var lines: [Substring]
        var line: Int
    }

    /// Whose settings are those of all others, unless they have their own.
    private static let common = "DEFAULT"

    private var sections: [(name: String, settings: SharedFile.Section)] = []
    private var setting: Setting?
    /// Where the setting's name begins: what is further right continues its value.
    private var indentation = 0

    mutating func sections(
        of text: String
    ) throws(SharedFileError) -> [(name: String, settings: SharedFile.Section)] {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        for (index, line) in lines.enumerated() { try read(line, number: index + 1) }
        try endSetting()
        guard let index = sections.firstIndex(where: { $0.name == Self.common }) else { return sections }
        let common = sections.remove(at: index).settings
        return sections.map { ($0.name, $0.settings.merging(common) { own, _ in own }) }
    }

    private mutating func read(_ line: Substring, number: Int) throws(SharedFileError) {
        let content = line.trimmed
        if let first = content.first, first == "#" || first == ";" { return }
        guard !content.isEmpty else {
            // An empty line may stand within a value.
            setting?.lines.append("")
            return
        }
        let begin = line.prefix { $0.isWhitespace }.count
        if setting != nil, begin > indentation {
            setting?.lines.append(content)
            return
        }
        try endSetting()
        indentation = begin
        if content.first == "[" {
            guard let end = content.lastIndex(of: "]"), end > content.index(after: content.startIndex) else {
                throw SharedFileError(line: number, reason: "'[' without a name and ']'")
            }
            let name = String(content[content.index(after: content.startIndex)..<end])
            if name == Self.common, let index = sections.firstIndex(where: { $0.name == name }) {
                // This one may stand in several places.
                sections.append(sections.remove(at: index))
                return
            }
            guard !sections.contains(where: { $0.name == name }) else {
                throw SharedFileError(line: number, reason: "the section [\(name)] stands a second time")
            }
            sections.append((name, [:]))
            return
        }
        guard let separator = content.firstIndex(where: { $0 == "=" || $0 == ":" }), separator > content.startIndex
        else { throw SharedFileError(line: number, reason: "expected 'name = value'") }
        guard !sections.isEmpty else {
            throw SharedFileError(line: number, reason: "a setting before the first [section]")
        }
        setting = Setting(
            name: content[..<separator].trimmed.lowercased(),
            lines: [content[content.index(after: separator)...].trimmed], line: number)
    }

    private mutating func endSetting() throws(SharedFileError) {
        guard let setting else { return }
        self.setting = nil
        var lines = setting.lines
        while lines.count > 1, lines.last == "" { lines.removeLast() }
        let last = sections.count - 1
        guard sections[last].settings[setting.name] == nil else {
            throw SharedFileError(line: setting.line, reason: "'\(setting.name)' stands a second time in its section")
        }
        sections[last].settings[setting.name] = try value(lines, line: setting.line)
    }

    private func value(_ lines: [Substring], line: Int) throws(SharedFileError) -> SharedFile.Value {
        guard lines.count > 1, lines[0].isEmpty else { return .text(lines.joined(separator: "\n")) }
        var group: [String: String] = [:]
        for (index, member) in lines.enumerated() where !member.isEmpty {
            guard let equals = member.firstIndex(of: "=") else {
                throw SharedFileError(line: line + index, reason: "expected 'name = value' in the indented lines")
            }
            group[String(member[..<equals].trimmed)] = String(member[member.index(after: equals)...].trimmed)
        }
        return .group(group)
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
