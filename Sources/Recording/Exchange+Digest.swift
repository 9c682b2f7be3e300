import Crypto

extension Exchange.Response {
    /// SHA-256 of the body, lower-case hexadecimal.
    package var digest: String {
        SHA256.hash(data: body).hexadecimal
    }
}

extension SHA256Digest {
    fileprivate var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
