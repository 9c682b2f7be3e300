extension HTTPResponse {
    /// Puts `<redacted>` in the place of secrets wherever they stand.
    mutating func redact(_ secrets: [Secret]) {
        for secret in secrets where !secret.exposed.isEmpty { redact(secret.exposed, secret.description) }
    }

    private mutating func redact(_ text: String, _ mark: String) {
        for index in headers.indices where headers[index].value.contains(text) {
            headers[index].value = headers[index].value.replacing(text, with: mark)
        }
        let wanted = Array(text.utf8)
        let places = body.span.places(of: wanted.span)
        guard !places.isEmpty else { return }
        // XML stays XML.
        let isXML = body.first { $0 > UInt8(ascii: " ") } == UInt8(ascii: "<")
        let bytes = Array((isXML ? mark.replacing("<", with: "&lt;").replacing(">", with: "&gt;") : mark).utf8)
        for place in places.reversed() { body.replaceSubrange(place..<place + wanted.count, with: bytes) }
    }
}

extension Span<UInt8> {
    /// Where it begins; one that begins within another isn't counted.
    fileprivate func places(of wanted: Span<UInt8>) -> [Int] {
        guard wanted.count > 0, count >= wanted.count else { return [] }
        let first = wanted[0]
        var places: [Int] = []
        var next = 0
        for start in 0...count - wanted.count where start >= next && self[start] == first {
            var matched = 1
            while matched < wanted.count, self[start + matched] == wanted[matched] { matched += 1 }
            guard matched == wanted.count else { continue }
            places.append(start)
            next = start + wanted.count
        }
        return places
    }
}
