/// Eight bytes that are looked at together.
///
/// A term has the high bit of a byte set if one is what it asks for
/// (https://graphics.stanford.edu/~seander/bithacks.html, "determine if a word has a byte less than n"), which bytes above
/// 0x7f don't set. Which of them it is can't be told from it.
extension UInt64 {
    /// In each byte.
    @inlinable package static var ones: UInt64 { 0x0101_0101_0101_0101 }

    @inlinable package static var highBits: UInt64 { ones << 7 }

    /// The term for a byte that is 0.
    @inlinable package var zeroTerm: UInt64 { (self &- Self.ones) & ~self }

    /// The term for a byte of this value.
    @inlinable
    package func term(for byte: UInt8) -> UInt64 { (self ^ Self.ones &* UInt64(byte)).zeroTerm }

    /// The term for a byte of a smaller value.
    ///
    /// - Parameter limit: 128 at most.
    @inlinable
    package func term(below limit: UInt8) -> UInt64 { (self &- Self.ones &* UInt64(limit)) & ~self }

    /// Whether a term, or several combined, found anything.
    @inlinable package var hasHighBits: Bool { self & Self.highBits != 0 }
}
