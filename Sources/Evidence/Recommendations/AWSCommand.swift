package import CanonicalJSON
import PlainText

/// An `aws iam` command line for a POSIX shell.
package struct AWSCommand: Sendable {
    enum Verb: Sendable {
        case createKey, deactivate, activate, deleteKey, showLastUse, tagUser

        fileprivate var name: StaticString {
            switch self {
            case .createKey: "create-access-key"
            case .deactivate, .activate: "update-access-key"
            case .deleteKey: "delete-access-key"
            case .showLastUse: "get-access-key-last-used"
            case .tagUser: "tag-user"
            }
        }
    }

    /// The names that the commands about a key or a user hold.
    final class Words: Sendable {
        fileprivate let user: Word?
        fileprivate let key: Word?
        fileprivate let tags: Word?

        init(user: String, key: String? = nil, tags: String? = nil) {
            self.user = Word(user)
            self.key = key.flatMap(Word.init)
            self.tags = tags.flatMap(Word.init)
        }
    }

    private let verb: Verb
    private let words: Words

    /// - Returns: nil where there is no name that it needs, or the AWS CLI can't be given it on a command line.
    init?(_ verb: Verb, _ words: Words) {
        let isPossible =
            switch verb {
            case .createKey: words.user != nil
            case .deactivate, .activate, .deleteKey: words.user != nil && words.key != nil
            // Asking about a key takes no user name.
            case .showLastUse: words.key != nil
            case .tagUser: words.user != nil && words.tags != nil
            }
        guard isPossible else { return nil }
        self.verb = verb
        self.words = words
    }

    /// With `OWNER` to be replaced by the owner.
    static func tagUser(_ user: String, key: String) -> AWSCommand? {
        let tags = String(decoding: CanonicalJSON.compact([Tag(key: key)]), as: UTF8.self)
        return AWSCommand(.tagUser, Words(user: user, tags: tags))
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

    /// An option's value.
    fileprivate struct Word: Sendable {
        private let quoted: String
        /// A value that looks like an option is only taken for one as a word of its own.
        private let looksLikeOption: Bool

        /// - Returns: nil where the AWS CLI can't be given it on a command line: it takes a value that begins with `file://`
        ///   for the name of a file, and one with control characters would not be what it looks like.
        init?(_ value: String) {
            guard let quoted = value.shellQuoted,
                !value.utf8.contains(UInt8(ascii: ":"))
                    || !["file://", "fileb://", "http://", "https://"].contains(where: value.hasPrefix)
            else { return nil }
            self.quoted = quoted
            looksLikeOption = value.utf8.first == UInt8(ascii: "-")
        }

        func put(after option: StaticString, to text: inout some TextOutput & ~Copyable) {
            text.literal(option)
            text.literal(looksLikeOption ? "=" : " ")
            text.put(quoted)
        }
    }
}

extension AWSCommand: TextWritable {
    package func put(to text: inout some TextOutput & ~Copyable) {
        text.literal("aws iam ")
        text.literal(verb.name)
        if verb != .showLastUse { words.user?.put(after: " --user-name", to: &text) }
        if verb != .createKey { words.key?.put(after: " --access-key-id", to: &text) }
        switch verb {
        case .activate: text.literal(" --status Active")
        case .deactivate: text.literal(" --status Inactive")
        case .tagUser: words.tags?.put(after: " --tags", to: &text)
        case .createKey, .deleteKey, .showLastUse: break
        }
    }
}

extension AWSCommand: Equatable {
    package static func == (left: AWSCommand, right: AWSCommand) -> Bool { left.text == right.text }
}
