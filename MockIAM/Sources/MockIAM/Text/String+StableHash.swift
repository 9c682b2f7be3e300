extension String {
    /// FNV-1a of its UTF-8: the same in every run and with every toolchain, unlike `hashValue`.
    ///
    /// What is drawn from a seed depends on it, generated accounts and faults among it, so it can never be another one.
    var stableHash: UInt64 {
        utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
