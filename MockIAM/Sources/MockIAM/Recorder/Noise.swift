import Crypto

/// An endless row of bytes that look random to whoever doesn't know the key. The same key and text give the same bytes.
struct Noise {
    private let key: SymmetricKey
    private let text: String
    private var block: [UInt8] = []
    private var blocks = 0

    init(key: SymmetricKey, text: String) {
        self.key = key
        self.text = text
    }

    mutating func byte() -> UInt8 {
        if let byte = block.popLast() { return byte }
        block = Array(HMAC<SHA256>.authenticationCode(for: Array("\(text)\u{0}\(blocks)".utf8), using: key))
        blocks += 1
        return block.removeLast()
    }

    /// - Parameter alphabet: a power of two of characters, so that none is likelier than another.
    mutating func text(_ count: Int, of alphabet: Alphabet) -> String {
        var text: [UInt8] = []
        for _ in 0..<max(0, count) {
            text.append(alphabet.characters[Int(byte()) & (alphabet.characters.count - 1)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decimal digits, at most 18.
    mutating func digits(_ count: Int) -> String {
        let number = (0..<8).reduce(UInt64(0)) { number, _ in number << 8 | UInt64(byte()) }
        let digits = String(number % 1_000_000_000_000_000_000)
        return String((String(repeating: "0", count: 18) + digits).suffix(count))
    }
}
