import CanonicalJSON
import Evidence
import FileContents
import PlainText
package import FoundationEssentials
import SystemPackage

/// Who may sign, by which key: a file of the form that `ssh-keygen -Y verify -f` reads (ssh-keygen(1), "ALLOWED SIGNERS").
package struct AllowedSigners: Sendable {
    struct Signer: Sendable, Equatable {
        /// As the file has it: names or patterns, with commas between them.
        var principals: String
        var key: SSHPublicKey
        /// What its signatures may be for, as patterns; nil for everything.
        var namespaces: [String]?
        var validAfter: Date?
        var validBefore: Date?
    }

    /// Whether somebody may have signed.
    package enum Verdict: Sendable, Equatable {
        /// By whom.
        case allowed(String)
        /// Why not.
        case refused(String)
    }

    let signers: [Signer]
    /// The lines that can't be used, each with its reason.
    package let unusable: [String]

    private static let largestFile = 4 << 20

    /// - Throws: ``SigningError`` where the file can't be read, or has no line that can be used.
    package init(path: String) throws(SigningError) {
        let text: String
        do {
            text = String(decoding: try FilePath(path).contents(atMost: Self.largestFile), as: UTF8.self)
        } catch .larger {
            throw SigningError("'\(path)' is too large for a file of allowed signers")
        } catch {
            throw SigningError("the allowed signers '\(path)' can't be read: \(error)")
        }
        self.init(parsing: text)
        if signers.isEmpty {
            let why = unusable.first.map { ": \($0)" } ?? ""
            throw SigningError("'\(path)' allows nobody\(why). A line is: PRINCIPALS [OPTIONS] KEY-TYPE KEY")
        }
    }

    init(parsing text: String) {
        var signers: [Signer] = []
        var unusable: [String] = []
        // Line feeds alone end lines, as ssh-keygen has it: what follows another character is still a comment.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, bytes) in lines.enumerated() {
            let words = Self.words(
                of: String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self))
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            do throws(SealFormatError) { signers.append(try Self.signer(first, Array(words.dropFirst()))) } catch {
                unusable.append("line \(number + 1): \(error)")
            }
        }
        self.signers = signers
        self.unusable = unusable
    }

    /// Whether a signature's key may have made it, at an instant.
    package func verdict(on signature: SSHSignature, at instant: Date) -> Verdict {
        let known = signers.filter { $0.key == signature.publicKey }
        guard !known.isEmpty else {
            return .refused("nobody in the list has the key \(signature.publicKey.fingerprint)")
        }
        var reasons: [String] = []
        for signer in known {
            if let after = signer.validAfter, instant < after {
                reasons.append("\(signer.principals): the key is valid from \(after.iso8601) on")
            } else if let before = signer.validBefore, instant >= before {
                reasons.append("\(signer.principals): the key was valid until \(before.iso8601)")
            } else if let patterns = signer.namespaces, !Self.matches(signature.namespace, patterns) {
                reasons.append("\(signer.principals): the key isn't for \(signature.namespace)")
            } else {
                return .allowed(signer.principals)
            }
        }
        return .refused(reasons.joined(separator: "; "))
    }

    // MARK: Reading

    private static func signer(_ principals: String, _ words: [String]) throws(SealFormatError) -> Signer {
        var words = words[...]
        var options: [String] = []
        if let first = words.first, SSHPublicKey.Kind(rawValue: first) == nil, words.count > 2 {
            options = list(first, separator: ",", keepingQuotes: true, keepingEmpty: true)
            words = words.dropFirst()
        }
        guard words.count >= 2 else { throw SealFormatError("there is no key") }
        var signer = Signer(
            principals: principals, key: try SSHPublicKey(line: words.prefix(2).joined(separator: " ")))
        var seen: Set<String> = []
        for option in options {
            let name = String(option.prefix { $0 != "=" }).lowercased()
            // One that stands twice means one thing to one reader, and another to the next.
            guard seen.insert(name).inserted else {
                throw SealFormatError("the option '\(name.prefix(60))' stands twice")
            }
            guard name != "cert-authority" else {
                throw SealFormatError("certificates aren't supported; name the key itself")
            }
            let quoted = option.dropFirst(name.count + 1)
            guard quoted.count >= 2, quoted.hasPrefix("\""), quoted.hasSuffix("\""),
                !quoted.dropFirst().dropLast().contains("\"")
            else { throw SealFormatError("not an option of the form NAME=\"VALUE\": '\(option.prefix(60))'") }
            let value = String(quoted.dropFirst().dropLast())
            switch name {
            case "namespaces": signer.namespaces = value.split(separator: ",").map(String.init)
            case "valid-after": signer.validAfter = try date(value)
            case "valid-before": signer.validBefore = try date(value)
            default: throw SealFormatError("unknown option '\(option.prefix(60))'")
            }
        }
        return signer
    }

    /// Words with blanks between them. Quotes keep blanks and commas together, and go; `name="a b"` is one word.
    private static func words(of line: some StringProtocol) -> [String] {
        list(line, separator: " ", "\t", keepingQuotes: true).map { word in
            // Of principals the quotes go at once; options need them until their commas are told apart.
            word.hasPrefix("\"") ? word.filter { $0 != "\"" } : word
        }
    }

    private static func list(
        _ text: some StringProtocol, separator: Character..., keepingQuotes: Bool = false, keepingEmpty: Bool = false
    ) -> [String] {
        var parts: [String] = []
        var part = ""
        var isQuoted = false
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
                if keepingQuotes { part.append(character) }
            } else if !isQuoted, separator.contains(character) {
                if keepingEmpty || !part.isEmpty { parts.append(part) }
                part = ""
            } else {
                part.append(character)
            }
        }
        if keepingEmpty || !part.isEmpty { parts.append(part) }
        return parts
    }

    /// `YYYYMMDD[HHMM[SS]][Z]`. OpenSSH takes what has no Z for local time, we for UTC: the same file has to say the
    /// same wherever it is read.
    private static func date(_ text: String) throws(SealFormatError) -> Date {
        let wrong = SealFormatError("'\(text.prefix(60))' isn't a time of the form YYYYMMDD[HHMM[SS]][Z]")
        let digits = Array((text.hasSuffix("Z") ? text.dropLast() : text[...]).utf8)
        guard [8, 12, 14].contains(digits.count), digits.allSatisfy(\.isASCIIDigit) else { throw wrong }
        let all = digits + [UInt8](repeating: UInt8(ascii: "0"), count: 14 - digits.count)
        func part(_ range: Range<Int>) -> String { String(decoding: all[range], as: UTF8.self) }
        let day = [part(0..<4), part(4..<6), part(6..<8)].joined(separator: "-")
        let time = [part(8..<10), part(10..<12), part(12..<14)].joined(separator: ":")
        guard let date = Date(iso8601Instant: "\(day)T\(time)Z") else { throw wrong }
        return date
    }

    /// OpenSSH's pattern lists: `*` and `?`, and `!` before a pattern that excludes.
    private static func matches(_ text: String, _ patterns: [String]) -> Bool {
        var matches = false
        for pattern in patterns {
            if pattern.hasPrefix("!") {
                if Glob(String(pattern.dropFirst())).matches(text) { return false }
            } else if Glob(pattern).matches(text) {
                matches = true
            }
        }
        return matches
    }
}
