/// The characters that an identifier, a secret or a pseudonym is made of.
///
/// Their order counts: what is derived from a name or a seed depends on it.
struct Alphabet: Sendable {
    let characters: [UInt8]

    init(_ characters: String) {
        self.characters = Array(characters.utf8)
    }

    /// A–Z and 2–7, as AWS's unique ids and access key ids have them (RFC 4648 base32).
    static let base32 = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    /// The same in lower case.
    static let lowercaseBase32 = Alphabet("abcdefghijklmnopqrstuvwxyz234567")
    static let hexadecimal = Alphabet("0123456789abcdef")
    /// As AWS's secrets and session tokens have them.
    static let base64 = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    /// Those of base64 that need no escaping in a URL.
    static let urlSafe = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    /// As the id of an organization has them.
    static let lettersAndDigits = Alphabet("abcdefghijklmnopqrstuvwxyz0123456789")
    /// Consonants, of which no words come: the codes that a user types.
    static let consonants = Alphabet("BCDFGHJKLMNPQRSTVWXZ")
}
