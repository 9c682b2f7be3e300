import PlainText

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
        let places = places(of: wanted)
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

extension [UInt8] {
    /// Where it begins.
    fileprivate func places(of wanted: [UInt8]) -> [Int] {
        guard let first = wanted.first, let last = wanted.last, count >= wanted.count else { return [] }
        var places: [Int] = []
        var next = 0
        unsafe withUnsafeBytes { bytes in
            // Eight places at a time, by the first and the last byte: hardly any other place has both.
            let (firsts, lasts) = (UInt64.ones &* UInt64(first), UInt64.ones &* UInt64(last))
            let size = MemoryLayout<UInt64>.size
            // One past the last place where it would fit.
            let end = bytes.count - wanted.count + 1
            var start = 0
            while start < end {
                defer { start += size }
                if start + size <= end {
                    let begin = unsafe bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
                    let finish = unsafe bytes.loadUnaligned(
                        fromByteOffset: start + wanted.count - 1, as: UInt64.self)
                    guard ((begin ^ firsts) | (finish ^ lasts)).zeroTerm.hasHighBits else { continue }
                }
                for place in start..<Swift.min(start + size, end) where place >= next && self[place] == first {
                    guard self[place...].starts(with: wanted) else { continue }
                    places.append(place)
                    next = place + wanted.count
                }
            }
        }
        return places
    }
}
