extension FormParameter {
    /// Whether it is part of a signature that stands in the URL, or before version 4 in a body. That belongs to the sender
    /// and the moment, not to what is asked; it is a secret, too, and gets into no recording.
    package var isSigning: Bool {
        name.utf8.first.map { $0 == UInt8(ascii: "X") || $0 == UInt8(ascii: "x") } ?? false
            && name.lowercased().hasPrefix("x-amz-") || Self.signingBeforeVersion4.contains(name)
    }

    private static let signingBeforeVersion4: Set = [
        "AWSAccessKeyId", "SecurityToken", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp",
    ]

    /// A form without what is part of a signature; what stays is as it was, byte for byte.
    static func withoutSigning(_ form: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(form)
        guard parse(bytes).contains(where: \.isSigning) else { return bytes }
        let pieces = bytes.split(separator: UInt8(ascii: "&"))
        return Array(pieces.filter { !parse($0).contains(where: \.isSigning) }.joined(separator: [UInt8(ascii: "&")]))
    }
}
