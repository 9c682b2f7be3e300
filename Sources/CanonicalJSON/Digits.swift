extension UInt64 {
    /// Four numbers below 100 as two decimal digits each, as they stand in memory in their order.
    @inline(__always)
    init(digitsOf first: UInt32, _ second: UInt32, _ third: UInt32, _ last: UInt32) {
        let pairs = UInt64(first | second << 16) | UInt64(third | last << 16) << 32
        // A tenth of what is below 100, in each sixteen bits.
        let tens = (pairs &* 103) >> 10 & 0x000f_000f_000f_000f
        self = tens | (pairs &- tens &* 10) << 8 | 0x3030_3030_3030_3030
    }
}

extension UInt32 {
    /// Four bytes as they stand in memory as eight hexadecimal digits in their order: each byte is given sixteen bits,
    /// these become two nibbles, and those from ten on are moved on to the letters. For little-endian machines, which
    /// are all that Swift runs on here.
    @inline(__always)
    var digits: UInt64 {
        var spread = UInt64(self)
        spread = (spread | spread << 16) & 0x0000_ffff_0000_ffff
        spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ff
        let nibbles = (spread >> 4 | spread << 8) & 0x0f0f_0f0f_0f0f_0f0f
        let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }
}
