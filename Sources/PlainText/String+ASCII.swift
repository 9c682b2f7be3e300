extension String {
    /// Whether both are the same but for capital letters of ASCII, as names in HTTP are.
    package func isSameIgnoringASCIICase(as other: String) -> Bool {
        utf8.count == other.utf8.count && hasPrefixIgnoringASCIICase(other)
    }

    /// Whether it begins with a text, but for capital letters of ASCII.
    package func hasPrefixIgnoringASCIICase(_ prefix: String) -> Bool {
        // By hand rather than by `zip`: it is done for every header of every exchange.
        let isPrefix = unsafe utf8.withContiguousStorageIfAvailable { bytes in
            unsafe prefix.utf8.withContiguousStorageIfAvailable { wanted in
                guard bytes.count >= wanted.count else { return false }
                for index in 0..<wanted.count {
                    let (byte, other) = unsafe (bytes[index], wanted[index])
                    guard byte == other || byte.asciiLowercased == other.asciiLowercased else { return false }
                }
                return true
            }
        }
        if case .some(.some(let isPrefix)) = isPrefix { return isPrefix }
        return utf8.count >= prefix.utf8.count
            && zip(utf8, prefix.utf8).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }
}
