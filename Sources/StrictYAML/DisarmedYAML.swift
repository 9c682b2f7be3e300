import PlainText

/// A YAML file in which nothing is an alias any more, to find out whether there was one.
///
/// Yams resolves aliases while it composes, and where an alias is a key it walks all that the alias stands for: 30
/// lines are enough to keep it busy for years. So each asterisk that may begin an alias is replaced by a character that
/// the file doesn't have, and the result is composed first. Where libyaml took the asterisk for an alias, a plain
/// scalar begins with that character now; elsewhere it stands within a text or a comment and changes nothing.
struct DisarmedYAML {
    let text: String
    /// What stands for an asterisk.
    let mark: Unicode.Scalar

    /// nil for a text without anything that may be an alias.
    init?(_ text: String, file: String) throws(YAMLError) {
        let bytes = Array(text.utf8)
        let places = bytes.indices.filter { Self.mayBeginAlias(bytes, at: $0) }
        guard !places.isEmpty else { return nil }
        let used = Set(text.unicodeScalars.lazy.filter { Self.privateUse.contains($0.value) })
        guard let mark = Self.privateUse.lazy.compactMap(Unicode.Scalar.init).first(where: { !used.contains($0) })
        else {
            throw YAMLError(
                file: file, reason: "has each of Unicode's 6,400 characters for private use; leave one free")
        }
        self.mark = mark
        var disarmed: [UInt8] = []
        disarmed.reserveCapacity(bytes.count + 2 * places.count)
        var copied = 0
        for place in places {
            disarmed += bytes[copied..<place]
            disarmed += Array(String(mark).utf8)
            copied = place + 1
        }
        disarmed += bytes[copied...]
        self.text = String(decoding: disarmed, as: UTF8.self)
    }

    private static let privateUse: ClosedRange<UInt32> = 0xe000...0xf8ff

    /// An alias is an asterisk and a name, and doesn't follow a letter or digit: that would be a word with an asterisk
    /// in it, such as `iam:Get*Report`.
    private static func mayBeginAlias(_ bytes: [UInt8], at index: Int) -> Bool {
        guard bytes[index] == UInt8(ascii: "*"), index + 1 < bytes.count else { return false }
        let next = bytes[index + 1]
        guard next.isASCIIAlphanumeric || next == UInt8(ascii: "_") || next == UInt8(ascii: "-") else { return false }
        return index == 0 || !bytes[index - 1].isASCIIAlphanumeric
    }
}
