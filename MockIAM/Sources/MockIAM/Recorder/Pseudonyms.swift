import Crypto
import FoundationEssentials
import Recording

/// What stands for what in an anonymised recording.
///
/// A pseudonym is made of the HMAC-SHA256 of what it replaces, in the form that the field asks for. So one name has one
/// pseudonym wherever it occurs, whether it was met before or not, and nobody without the key can try out names. Within
/// a recording no two names of a kind share one.
struct Pseudonyms: Sendable {
    private struct Name: Hashable {
        var kind: PseudonymKind
        var text: String
    }

    private let key: SymmetricKey
    /// Of a pseudonym that is a word: 40 bits, so that names of one recording hardly ever need a second try, and a key
    /// gives the same ones in each.
    private let letters: Int
    private var given: [Name: String] = [:]
    private var taken: Set<Name> = []
    /// Names by what they say, for texts that mention them without telling what they are.
    private var mentioned: [String: String] = [:]
    /// Those of more than one word, which reading a text word by word would miss.
    private(set) var phrases: [String] = []

    /// - Parameter key: with the same text the same names have the same pseudonyms in every recording; without one they
    ///   are of this recording alone.
    init(key: String? = nil, letters: Int = 8) {
        self.letters = letters
        self.key = key.map { SymmetricKey(data: Array($0.utf8)) } ?? SymmetricKey(size: .bits256)
    }

    /// What stands for a text. Nothing stands for nothing, and what was taken out stays out.
    mutating func pseudonym(of text: String, as kind: PseudonymKind) -> String {
        guard !text.isEmpty, text != Scrubber.redacted else { return text }
        let name = Name(kind: kind, text: text)
        if let known = given[name] { return known }
        var attempt = 0
        while true {
            var noise = Noise(key: key, text: "\(kind.rawValue)\u{0}\(text)\u{0}\(attempt)")
            let candidate = Name(kind: kind, text: kind.pseudonym(of: text, from: &noise, letters: letters))
            // One that is another thing's name, or the same as before, would hide nothing.
            if candidate.text != text, given[candidate] == nil, taken.insert(candidate).inserted {
                given[name] = candidate.text
                if kind.isMentionedInTexts { remember(text, as: candidate.text) }
                return candidate.text
            }
            attempt += 1
        }
    }

    /// What stands for a name that was met before, whatever it was the name of.
    func pseudonym(ofMentioned text: String) -> String? {
        mentioned[text]
    }

    private mutating func remember(_ text: String, as pseudonym: String) {
        guard mentioned[text] == nil else { return }
        mentioned[text] = pseudonym
        if text.contains(" ") {
            // The longest first, so that none hides within another.
            let index = phrases.firstIndex { $0.utf8.count < text.utf8.count } ?? phrases.endIndex
            phrases.insert(text, at: index)
        }
    }
}
