/// A path as AWS signs it everywhere but at S3: normalised by RFC 3986, runs of slashes as one, and encoded once more
/// on top of the wire's own encoding, so that `%20` becomes `%2520`.
struct CanonicalPath {
    private let segments: [Substring.UTF8View]
    private let endsWithSlash: Bool

    /// Fails for what doesn't start with a slash. No path at all is `/`.
    init?(_ path: Substring.UTF8View) {
        guard path.isEmpty || path.first == UInt8(ascii: "/") else { return nil }
        var segments: [Substring.UTF8View] = []
        var endsWithSlash = true
        for segment in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            endsWithSlash = true
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else if !segment.isEmpty && !segment.elementsEqual(".".utf8) {
                segments.append(segment)
                endsWithSlash = false
            }
        }
        self.segments = segments
        self.endsWithSlash = endsWithSlash
    }

    func append(to canonical: inout [UInt8]) {
        for segment in segments {
            canonical.append(UInt8(ascii: "/"))
            for byte in segment { canonical.appendPercentEncoded(byte) }
        }
        if endsWithSlash || segments.isEmpty { canonical.append(UInt8(ascii: "/")) }
    }
}
