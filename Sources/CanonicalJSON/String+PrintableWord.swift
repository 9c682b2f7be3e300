extension String {
    /// Whether it is one word of printable ASCII.
    package var isPrintableWord: Bool {
        !isEmpty && utf8.allSatisfy { $0 &- 0x21 <= 0x7e - 0x21 }
    }
}
