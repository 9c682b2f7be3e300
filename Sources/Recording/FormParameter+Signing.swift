extension FormParameter {
    /// Whether it is part of a signature in the query. That belongs to the sender and the moment, not to what is asked;
    /// it is a secret, too, and gets into no recording.
    package var isSigning: Bool {
        name.utf8.first.map { $0 == UInt8(ascii: "X") || $0 == UInt8(ascii: "x") } ?? false
            && name.lowercased().hasPrefix("x-amz-") || Self.signingBeforeVersion4.contains(name)
    }

    private static let signingBeforeVersion4: Set = [
        "AWSAccessKeyId", "SecurityToken", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp",
    ]
}
