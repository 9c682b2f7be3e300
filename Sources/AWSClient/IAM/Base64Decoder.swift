import FoundationEssentials

/// Decodes base64 (RFC 4648, section 4) that comes in pieces. Spaces and line breaks are passed over.
struct Base64Decoder {
    /// What doesn't make whole bytes yet, of the last piece.
    private var pending: [UInt8] = []
    private var hasEnded = false

    /// Whether what has come so far can be all there is.
    var isWhole: Bool { pending.isEmpty }

    /// - Returns: nil where it isn't base64.
    mutating func decode(_ piece: ArraySlice<UInt8>) -> Data? {
        let space = UInt8(ascii: " ")
        // Nearly always there is none; the minimum is found many bytes at a time.
        if piece.reduce(.max, min) > space { pending += piece } else { pending += piece.filter { $0 > space } }
        let count = pending.count - pending.count % 4
        guard count > 0 else { return Data() }
        guard !hasEnded, let decoded = Data(base64Encoded: Data(pending[..<count])) else { return nil }
        // Padding stands at the end only.
        hasEnded = decoded.count < count / 4 * 3
        pending.removeSubrange(..<count)
        return decoded
    }
}
