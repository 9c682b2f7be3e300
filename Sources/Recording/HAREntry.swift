import CanonicalJSON
import FoundationEssentials

/// What is read of an exchange's line: a HAR 1.2 entry (http://www.softwareishard.com/blog/har-12-spec/) and our own
/// `_` fields, which the HAR specification reserves for this.
///
/// Everything a strict HAR reader asks for is written; what neither replay nor evidence needs isn't looked at here.
struct HAREntry: Decodable {
    var _account: String?
    var _attempt: Int?
    var _error: String?
    var _op: String
    var _seq: Int
    /// SHA-256 of the answer's body, lower-case hexadecimal.
    var _sha256: String?
    var request: Request
    var response: Response
    var startedDateTime: String
    var time: Double?

    struct NameValue: Decodable {
        var name: String
        var value: String
    }

    struct PostData: Decodable {
        var _bodyFile: String?
        var text: String?
    }

    struct Request: Decodable {
        var headers: [NameValue]?
        var method: String
        var postData: PostData?
        var url: String
    }

    struct Content: Decodable {
        var _bodyFile: String?
        var encoding: String?
        var text: String?
    }

    struct Response: Decodable {
        var content: Content
        var headers: [NameValue]?
        /// 0 where no answer arrived, as browsers write it.
        var status: Int
    }
}

extension HAREntry {
    /// Nobody tries more often.
    private static let mostAttempts = 1_000_000
    /// A status has three digits.
    private static let statuses = 0...999

    /// Reads the entry back; `sideFile` finds the bytes of a body that stands in a file of its own.
    func exchange(sideFile: (String) throws -> [UInt8]) throws -> Exchange {
        let attempt = _attempt ?? 1
        guard (1...Self.mostAttempts).contains(attempt) else {
            throw RecordingError("\(attempt) is no number of an attempt")
        }
        guard Self.statuses.contains(response.status) else {
            throw RecordingError("\(response.status) is no status of HTTP")
        }
        return Exchange(
            sequence: _seq, operation: _op, account: _account, attempt: attempt,
            started: try Date(recorded: startedDateTime), milliseconds: time ?? 0,
            request: Exchange.Request(
                method: request.method, url: request.url,
                headers: (request.headers ?? []).map { Exchange.Header(name: $0.name, value: $0.value) },
                body: try request.postData?.body(sideFile: sideFile) ?? []
            ),
            outcome: try response.status == 0
                ? .noAnswer(_error ?? "no answer") : .answer(response.answer(sideFile: sideFile))
        )
    }
}

extension HAREntry.Response {
    func answer(sideFile: (String) throws -> [UInt8]) throws -> Exchange.Response {
        Exchange.Response(
            status: status, headers: (headers ?? []).map { Exchange.Header(name: $0.name, value: $0.value) },
            body: try content.body(sideFile: sideFile))
    }
}

extension HAREntry.PostData {
    func body(sideFile: (String) throws -> [UInt8]) throws -> [UInt8] {
        try _bodyFile.map(sideFile) ?? Array((text ?? "").utf8)
    }
}

extension HAREntry.Content {
    func body(sideFile: (String) throws -> [UInt8]) throws -> [UInt8] {
        if let _bodyFile { return try sideFile(_bodyFile) }
        guard encoding == "base64" else { return Array((text ?? "").utf8) }
        guard let data = Data(base64Encoded: text ?? "") else { throw RecordingError("content.text isn't base64") }
        return Array(data)
    }
}

extension Date {
    /// Reads an ISO 8601 instant with or without fractions of a second.
    init(recorded text: String) throws {
        guard let date = Date(iso8601Instant: text) else {
            throw RecordingError("'\(text)' isn't an ISO 8601 instant")
        }
        self = date
    }
}
