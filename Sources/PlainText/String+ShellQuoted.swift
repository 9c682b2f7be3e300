extension String {
    /// As one word for a POSIX shell; nil for a text that can't be shown as what it is.
    package var shellQuoted: String? {
        // Nearly all names and all ids.
        if !isEmpty, utf8.allSatisfy(\.isPlainInShell) { return self }
        guard unicodeScalars.allSatisfy(\.isVisible) else { return nil }
        return "'\(split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
    }
}

extension UInt8 {
    /// Whether it means nothing but itself to a shell, wherever it stands.
    fileprivate var isPlainInShell: Bool {
        isASCIIAlphanumeric || "-_./@+,=".utf8.contains(self)
    }
}
