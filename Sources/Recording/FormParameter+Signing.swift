import PlainText

extension FormParameter {
    /// Whether it is part of a signature that stands in the URL, or before version 4 in a body. That belongs to the sender
    /// and the moment, not to what is asked; it is a secret, too, and gets into no recording.
    package var isSigning: Bool { Self.isSigning(name) }

    private static func isSigning(_ name: String) -> Bool {
        name.hasPrefixIgnoringASCIICase("x-amz-") || signingBeforeVersion4.contains(name)
    }

    private static let signingBeforeVersion4 = [
        "AWSAccessKeyId", "SecurityToken", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp",
    ]

    /// A form without what is part of a signature; what stays is as it was, byte for byte.
    static func withoutSigning(_ form: [UInt8]) -> [UInt8] {
        guard hasSigning(form) else { return form }
        let pieces = form.split(separator: UInt8(ascii: "&"))
        return Array(pieces.filter { !hasSigning(Array($0)) }.joined(separator: [UInt8(ascii: "&")]))
    }

    /// Whether any of a form's parameters is part of a signature.
    static func hasSigning(_ form: [UInt8]) -> Bool {
        var hasSigning = false
        forEach(in: form) { name, _ in hasSigning = hasSigning || isSigning(decode(form, name)) }
        return hasSigning
    }
}
