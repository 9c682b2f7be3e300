/// Secrets are looked for byte by byte. The search that String has goes by characters and makes tables of those of the
/// secret each time: with a session token of a thousand characters that took three times what the rest of a call takes.
extension String {
    /// The same text without secrets that somebody has repeated in it.
    package func redacting(_ secrets: [Secret]) -> String {
        // A header is shorter than any session token.
        guard secrets.contains(where: { $0.exposed.utf8.count <= utf8.count }) else { return self }
        var bytes = Array(utf8)
        var isChanged = false
        for secret in secrets where bytes.replace(secret, with: secret.description) { isChanged = true }
        return isChanged ? String(decoding: bytes, as: UTF8.self) : self
    }
}

extension [UInt8] {
    /// Puts a text where a secret stands; one that begins within another stays unnoticed. Of an empty one there is none.
    ///
    /// - Returns: whether there was any.
    @discardableResult
    mutating func replace(_ secret: Secret, with text: @autoclosure () -> String) -> Bool {
        let wanted = Array(secret.exposed.utf8)
        let places = span.places(of: wanted.span)
        guard !places.isEmpty else { return false }
        let text = Array(text().utf8)
        // In one go: a server may send the secret back a hundred thousand times.
        var replaced: [UInt8] = []
        replaced.reserveCapacity(count + places.count * (text.count - wanted.count))
        var end = 0
        for place in places {
            replaced += self[end..<place]
            replaced += text
            end = place + wanted.count
        }
        replaced += self[end...]
        self = replaced
        return true
    }
}

extension Span<UInt8> {
    /// Where it begins.
    fileprivate func places(of wanted: Span<UInt8>) -> [Int] {
        guard wanted.count > 0, count >= wanted.count else { return [] }
        let first = wanted[0]
        var places: [Int] = []
        var next = 0
        for start in 0...count - wanted.count where self[start] == first && start >= next {
            var matched = 1
            while matched < wanted.count, self[start + matched] == wanted[matched] { matched += 1 }
            guard matched == wanted.count else { continue }
            places.append(start)
            next = start + wanted.count
        }
        return places
    }
}
