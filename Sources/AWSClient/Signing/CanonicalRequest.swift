import Crypto
import Digests
import PlainText

/// What Signature Version 4 signs of a request, and the names of the headers among it.
///
/// The emulator, which checks what is signed here, has one of its own and shares nothing with it.
///
/// One row of bytes that grows, since a session token is long and each text in between would be another copy of it.
struct CanonicalRequest {
    /// The canonical request itself, in UTF-8.
    private(set) var bytes: [UInt8] = []
    /// The names of its headers, in lower case and in order, with semicolons between them.
    private(set) var signedHeaders: String

    init(_ request: HTTPRequest) {
        bytes.reserveCapacity(2048)
        signedHeaders = ""
        bytes += request.method.utf8
        endLine()
        bytes += PercentEncoding.encode(Self.normalized(request.url.path), keepingSlash: true).utf8
        endLine()
        bytes += Self.canonicalQuery(request.query).utf8
        endLine()
        let names = append(Self.inOrder(request.headers))
        endLine()
        bytes += names
        signedHeaders = String(decoding: names, as: UTF8.self)
        endLine()
        bytes += SHA256.hexadecimal(of: request.body).utf8
    }

    private mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

    /// Those that are signed, in the order of their names in lower case; of one name in the order in which they stand.
    private static func inOrder(_ headers: [HTTPHeader]) -> [HTTPHeader] {
        var ordered: [HTTPHeader] = []
        ordered.reserveCapacity(headers.count)
        // There are a handful.
        for header in headers where !unsigned.contains(where: { header.name.isSameIgnoringASCIICase(as: $0) }) {
            let place = ordered.firstIndex { header.name.precedesIgnoringASCIICase($0.name) }
            ordered.insert(header, at: place ?? ordered.endIndex)
        }
        return ordered
    }

    /// Lower-case names, values trimmed and their inner runs of spaces folded, those of equal names joined by commas.
    ///
    /// - Returns: the names, with semicolons between them.
    private mutating func append(_ headers: [HTTPHeader]) -> [UInt8] {
        var names: [UInt8] = []
        names.reserveCapacity(128)
        var last: String?
        for header in headers {
            if let last, last.isSameIgnoringASCIICase(as: header.name) {
                bytes.append(UInt8(ascii: ","))
            } else {
                if last != nil {
                    endLine()
                    names.append(UInt8(ascii: ";"))
                }
                let start = bytes.count
                append(lowercased: header.name)
                names += bytes[start...]
                bytes.append(UInt8(ascii: ":"))
            }
            append(folded: header.value)
            last = header.name
        }
        if last != nil { endLine() }
        return names
    }

    private mutating func append(lowercased name: String) {
        let start = bytes.count
        bytes += name.utf8
        var text = bytes.mutableSpan
        for index in start..<text.count { text[index] = text[index].asciiLowercased }
    }

    private mutating func append(folded value: String) {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        // A session token has a thousand characters and none.
        if value.hasNoByte(isSpace, term: { $0.term(for: 0x20) | $0.term(for: 0x09) }) {
            bytes += value.utf8
            return
        }
        let start = bytes.count
        var isBetweenWords = false
        for byte in value.utf8 {
            if isSpace(byte) {
                isBetweenWords = bytes.count > start
            } else {
                if isBetweenWords { bytes.append(UInt8(ascii: " ")) }
                isBetweenWords = false
                bytes.append(byte)
            }
        }
    }

    /// The parameters decoded and encoded as AWS writes them, in order of encoded name, then value; `=` even without a
    /// value.
    private static func canonicalQuery(_ query: String) -> String {
        guard !query.isEmpty else { return "" }
        let parameters = query.utf8.split(separator: UInt8(ascii: "&")).map { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            let value = pair[name.endIndex...].dropFirst()
            return (name: PercentEncoding.normalized(name), value: PercentEncoding.normalized(value))
        }
        return
            parameters
            .sorted { left, right in
                left.name == right.name
                    ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                    : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
            }
            .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    /// Proxies on the way may change these, and AWS's own clients leave them out of the signature.
    private static let unsigned = ["expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"]

    /// The path without empty and dot segments, as SigV4 signs it for every service but S3.
    private static func normalized(_ path: String) -> String {
        if path == "/" { return path }
        var segments: [Substring] = []
        for segment in path.split(separator: "/") {
            switch segment {
            case ".": continue
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        let isFolder = path.hasSuffix("/") && !segments.isEmpty
        return "/" + segments.joined(separator: "/") + (isFolder ? "/" : "")
    }
}

extension String {
    /// Whether a header of this name is signed before one of another.
    fileprivate func precedesIgnoringASCIICase(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8) { $0.asciiLowercased < $1.asciiLowercased }
    }
}
