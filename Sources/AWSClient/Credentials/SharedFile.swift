/// One of AWS's shared files, parsed: profiles with their settings.
package struct SharedFile: Sendable {
    package enum Kind: Sendable {
        /// `[default]`, `[profile NAME]`; other sections (`[sso-session x]`, `[services x]`) are no profiles.
        case config
        /// Bare names.
        case credentials
    }

    /// Where it is; nil where no home directory is known.
    package let path: String?
    /// Whether there was such a file.
    package let exists: Bool
    /// Settings by profile; keys in lower case.
    package private(set) var profiles: [String: [String: String]] = [:]

    init(kind: Kind, path: String?, read: (String) throws -> [UInt8]?) throws(CredentialError) {
        self.path = path
        guard let path else {
            exists = false
            return
        }
        let bytes: [UInt8]?
        do {
            bytes = try read(path)
        } catch {
            throw .unreadable(file: path, reason: "\(error)")
        }
        exists = bytes != nil
        guard let bytes else { return }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unreadable(file: path, reason: "the file isn't UTF-8 text")
        }
        try parse(text, kind: kind, path: path)
    }

    private mutating func parse(_ text: String, kind: Kind, path: String) throws(CredentialError) {
        var profile: String?
        var sectionSeen = false
        for (index, rawLine) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = Self.trim(rawLine)
            guard let first = line.first, first != "#", first != ";" else { continue }
            if first == "[" {
                guard let end = line.firstIndex(of: "]") else {
                    throw .unreadable(file: path, reason: "line \(index + 1): '[' without ']'")
                }
                sectionSeen = true
                profile = Self.profileName(line[line.index(after: line.startIndex)..<end], kind: kind)
                if let profile { profiles[profile, default: [:]] = profiles[profile] ?? [:] }
                continue
            }
            // An indented line belongs to the setting above it: a nested group such as `s3 =`, whose members are no
            // settings of the profile.
            if rawLine.first == " " || rawLine.first == "\t" { continue }
            guard let equals = line.firstIndex(of: "=") else {
                throw .unreadable(file: path, reason: "line \(index + 1): expected 'name = value'")
            }
            guard sectionSeen else {
                throw .unreadable(file: path, reason: "line \(index + 1): a setting before the first [profile]")
            }
            guard let profile else { continue }
            let name = Self.trim(line[..<equals]).lowercased()
            profiles[profile, default: [:]][name] = String(Self.trim(line[line.index(after: equals)...]))
        }
    }

    private static func profileName(_ section: Substring, kind: Kind) -> String? {
        let words = trim(section).split(maxSplits: 1) { $0 == " " || $0 == "\t" }
        switch (kind, words.count) {
        case (_, 0): return nil
        case (.credentials, _): return unquote(trim(section))
        case (.config, 1): return words[0] == "default" ? "default" : nil
        case (.config, _): return words[0] == "profile" ? unquote(trim(words[1])) : nil
        }
    }

    private static func unquote(_ name: Substring) -> String {
        guard name.count >= 2, let quote = name.first, quote == "\"" || quote == "'", name.last == quote else {
            return String(name)
        }
        return String(name.dropFirst().dropLast())
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
