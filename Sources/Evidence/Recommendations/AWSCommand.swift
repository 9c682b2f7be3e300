import CanonicalJSON

/// An `aws iam` command line for a POSIX shell.
package struct AWSCommand: Sendable, Equatable {
    package let text: String

    /// - Returns: nil where a name can't be given to the AWS CLI on a command line: it takes a value that begins with
    ///   `file://` for the name of a file, and one with control characters would not be what it looks like.
    init?(_ command: String, user: String? = nil, key: String? = nil, status: String? = nil) {
        var text = "aws iam \(command)"
        func add(_ option: String, _ value: String?) -> Bool {
            guard let value else { return true }
            guard let word = Self.option(option, value) else { return false }
            text += " "
            text += word
            return true
        }
        guard add("--user-name", user), add("--access-key-id", key), add("--status", status) else { return nil }
        self.text = text
    }

    private init(text: String) {
        self.text = text
    }

    /// With `OWNER` to be replaced by the owner.
    static func tagUser(_ user: String, key: String) -> AWSCommand? {
        let tags = String(decoding: CanonicalJSON.compact([Tag(key: key)]), as: UTF8.self)
        guard let user = option("--user-name", user), let tags = option("--tags", tags) else { return nil }
        return AWSCommand(text: "aws iam tag-user \(user) \(tags)")
    }

    private struct Tag: JSONWritable {
        var key: String

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("Key", key)
                json.member("Value", "OWNER")
            }
        }
    }

    private static func option(_ name: String, _ value: String) -> String? {
        guard let word = value.shellQuoted,
            !value.utf8.contains(UInt8(ascii: ":"))
                || !["file://", "fileb://", "http://", "https://"].contains(where: value.hasPrefix)
        else { return nil }
        // A value that looks like an option is only taken for one as a word of its own.
        return value.hasPrefix("-") ? "\(name)=\(word)" : "\(name) \(word)"
    }
}

extension String {
    /// As one word for a POSIX shell; nil for a text that can't be shown as what it is.
    package var shellQuoted: String? {
        // Nearly all names and all ids.
        if !isEmpty, utf8.allSatisfy(\.isPlainInShell) { return self }
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                return nil
            default: break
            }
        }
        return "'\(split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
    }
}

extension UInt8 {
    /// Whether it means nothing but itself to a shell, wherever it stands.
    fileprivate var isPlainInShell: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: "="):
            true
        default: false
        }
    }
}
