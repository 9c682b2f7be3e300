import Crypto
import FoundationEssentials

/// Identifiers that AWS would have drawn at random, derived from names instead, so that every run has the same ones.
enum Identifier {
    /// A unique id in AWS's form: four letters that tell the kind, and 17 of A–Z and 2–7.
    ///
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    static func unique(_ prefix: String, _ parts: String...) -> String {
        prefix + letters(17, of: parts, alphabet: .base32)
    }

    /// An access key's id: four letters that tell the kind, and 16 of A–Z and 2–7.
    static func accessKey(_ prefix: String, _ parts: String...) -> String {
        prefix + letters(16, of: parts, alphabet: .base32)
    }

    /// Letters from an alphabet that depend on the parts and on nothing else.
    static func letters(_ count: Int, of parts: [String], alphabet: Alphabet) -> String {
        var text: [UInt8] = []
        var block = 0
        while text.count < count {
            var hash = SHA256()
            hash.update(data: Data("\(block)\u{0}\(parts.joined(separator: "\u{0}"))".utf8))
            for byte in hash.finalize() where text.count < count {
                text.append(alphabet.characters[Int(byte) % alphabet.characters.count])
            }
            block += 1
        }
        return String(decoding: text, as: UTF8.self)
    }
}
