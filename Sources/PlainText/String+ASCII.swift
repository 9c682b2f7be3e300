extension String {
    /// Whether both are the same but for capital letters of ASCII, as names in HTTP are.
    package func isSameIgnoringASCIICase(as other: String) -> Bool {
        utf8.count == other.utf8.count
            && zip(utf8, other.utf8).allSatisfy { $0 == $1 || $0.asciiLowercased == $1.asciiLowercased }
    }
}
