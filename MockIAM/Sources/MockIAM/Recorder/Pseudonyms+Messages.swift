import PlainText
import Recording

extension Pseudonyms {
    /// An error message or another free text. In one of AWS's known sentences the names are where they always are; of
    /// any other text only what is known to be no name is kept, and known names get their pseudonyms.
    mutating func message(_ text: String) -> String {
        for sentence in AWSSentence.known {
            if let parts = sentence.parts(of: text) {
                return parts.reduce(into: "") { result, part in
                    switch part {
                    case .words(let words): result += words
                    case .slot(let slot, let value): result += self.value(value, in: slot)
                    }
                }
            }
        }
        return words(text)
    }

    private mutating func value(_ text: String, in slot: AWSSentence.Slot) -> String {
        switch slot {
        case .user: return userName(text)
        case .group: return pseudonym(of: text, as: .group)
        case .role: return pseudonym(of: text, as: .role)
        case .policy: return text.hasPrefix("arn:") ? arn(text) : pseudonym(of: text, as: .policy)
        case .id: return pseudonym(of: text, as: .uniqueID)
        case .serial: return value(text, .serialNumber)
        case .arn: return arn(text)
        case .action: return value(text, .constant)
        case .resource:
            let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            switch (parts[0], parts.count) {
            case ("user", 2): return "user \(userName(parts[1]))"
            case ("group", 2): return "group \(pseudonym(of: parts[1], as: .group))"
            case ("role", 2): return "role \(pseudonym(of: parts[1], as: .role))"
            case ("access", 3) where parts[1] == "key": return "access key \(pseudonym(of: parts[2], as: .uniqueID))"
            case (_, 1) where text.hasPrefix("arn:"): return arn(text)
            case ("*", 1): return text
            default: return words(text)
            }
        case .rest: return words(text)
        }
    }

    // MARK: Word by word

    private mutating func words(_ text: String) -> String {
        for phrase in phrases {
            guard let found = text.wholeWords(phrase), let pseudonym = pseudonym(ofMentioned: phrase) else { continue }
            return words(String(text[..<found.lowerBound])) + pseudonym + words(String(text[found.upperBound...]))
        }
        return text.split(omittingEmptySubsequences: false) { $0.isWhitespace }.map { word(String($0)) }
            .joined(separator: " ")
    }

    private mutating func word(_ text: String) -> String {
        // Quotes can't be part of a name, stops can: the longest that is known counts.
        let opening = text.prefix { "'\"`([{".contains($0) }
        var core = text[opening.endIndex...]
        var closing = ""
        while true {
            if let known = known(String(core)) { return opening + known + closing }
            guard let last = core.last, "'\"`)]}.,:;!?".contains(last) else { break }
            closing.insert(core.removeLast(), at: closing.startIndex)
        }
        return core.isEmpty ? text : opening + Scrubber.redacted + closing
    }

    private mutating func known(_ word: String) -> String? {
        if let pseudonym = pseudonym(ofMentioned: word) { return pseudonym }
        if word == Scrubber.redacted || word == "<root_account>" || word == "*" || word == "-" { return word }
        if word.hasPrefix("arn:") {
            let resource = arn(word)
            return resource == Scrubber.redacted ? nil : resource
        }
        if word.isAccountID { return account(word) }
        if UniqueID.looksLike(word) { return pseudonym(of: word, as: .uniqueID) }
        if word.isUUID { return pseudonym(of: word, as: .requestID) }
        if word.isDate || word.isBasicInstant { return word }
        if (1...6).contains(word.utf8.count), word.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) { return word }
        if word.isAction || EverydayWords.contain(word) { return word }
        return nil
    }
}

extension String {
    /// Where a phrase stands between spaces, quotes or stops.
    fileprivate func wholeWords(_ phrase: String) -> Range<Index>? {
        ranges(of: phrase).first { range in
            let before = self[..<range.lowerBound].last
            let after = self[range.upperBound...].first
            return [before, after].allSatisfy { character in
                character.map { !$0.isLetter && !$0.isNumber && !"+=@_-/".contains($0) } ?? true
            }
        }
    }

    /// `6d6f636b-6961-4d00-9000-000000000001`
    fileprivate var isUUID: Bool {
        let lengths = split(separator: "-", omittingEmptySubsequences: false).map(\.utf8.count)
        return lengths == [8, 4, 4, 4, 12] && utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") }
    }

    /// `20261122T204500Z`
    fileprivate var isBasicInstant: Bool {
        let units = Array(utf8)
        return units.count == 16 && units[8] == UInt8(ascii: "T") && units[15] == UInt8(ascii: "Z")
            && (units[..<8] + units[9..<15]).allSatisfy { 0x30...0x39 ~= $0 }
    }

    /// `iam:GetUser`
    fileprivate var isAction: Bool {
        let parts = split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && ["iam", "organizations", "sso", "sts"].contains(parts[0])
            && parts[1].first?.isUppercase == true && parts[1].utf8.allSatisfy(\.isASCIIAlphanumeric)
    }
}
