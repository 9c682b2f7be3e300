import CanonicalJSON
import FoundationEssentials

/// What is read of an exchange's line: a HAR 1.2 entry (http://www.softwareishard.com/blog/har-12-spec/) and our own
/// `_` fields, which the HAR specification reserves for this.
///
/// Everything a strict HAR reader asks for is written; what neither replay nor evidence needs isn't looked at here. Null
/// is the same as not there.
struct HAREntry {
    private(set) var account: String?
    private(set) var attempt: Int?
    private(set) var error: String?
    private(set) var operation: String?
    private(set) var sequence: Int?
    /// SHA-256 of the answer's body, lower-case hexadecimal.
    private(set) var sha256: String?
    private(set) var request: Request?
    private(set) var response: Response?
    private(set) var started: String?
    private(set) var time: Double?

    struct Request {
        var headers: [Exchange.Header] = []
        var method: String?
        var body = Body()
        var url: String?
    }

    struct Response {
        var body = Body()
        var headers: [Exchange.Header] = []
        /// 0 where no answer arrived, as browsers write it.
        var status: Int?
    }

    /// A body, or where to find it.
    struct Body {
        var file: String?
        var encoding: String?
        var text: String?
    }

    init(reading json: inout JSONReader) throws {
        try json.presentMembers { name, json in
            switch name {
            case "_account": account = try json.string()
            case "_attempt": attempt = try json.integer()
            case "_error": error = try json.string()
            case "_op": operation = try json.string()
            case "_seq": sequence = try json.integer()
            case "_sha256": sha256 = try json.string()
            case "request": request = try Request(reading: &json)
            case "response": response = try Response(reading: &json)
            case "startedDateTime": started = try json.string()
            case "time": time = try json.number()
            default: break
            }
        }
    }
}

extension HAREntry.Request {
    fileprivate init(reading json: inout JSONReader) throws {
        try json.presentMembers { name, json in
            switch name {
            case "headers": headers = try json.headers()
            case "method": method = try json.string()
            case "postData": body = try HAREntry.Body(reading: &json)
            case "url": url = try json.string()
            default: break
            }
        }
    }
}

extension HAREntry.Response {
    fileprivate init(reading json: inout JSONReader) throws {
        var content: HAREntry.Body?
        try json.presentMembers { name, json in
            switch name {
            case "content": content = try HAREntry.Body(reading: &json)
            case "headers": headers = try json.headers()
            case "status": status = try json.integer()
            default: break
            }
        }
        body = try content.required("response.content")
    }
}

extension HAREntry.Body {
    fileprivate init(reading json: inout JSONReader) throws {
        try json.presentMembers { name, json in
            switch name {
            case "_bodyFile": file = try json.string()
            case "encoding": encoding = try json.string()
            case "text": text = try json.string()
            default: break
            }
        }
    }
}

extension JSONReader {
    fileprivate mutating func headers() throws -> [Exchange.Header] {
        var headers: [Exchange.Header] = []
        try array { json in
            var fields: (name: String?, value: String?) = (nil, nil)
            try json.object { name, json in
                switch name {
                case "name": fields.name = try json.string()
                case "value": fields.value = try json.string()
                default: break
                }
            }
            headers.append(
                Exchange.Header(
                    name: try fields.name.required("the name of a header"),
                    value: try fields.value.required("the value of a header")))
        }
        return headers
    }
}

extension HAREntry {
    /// Nobody tries more often.
    private static let mostAttempts = 1_000_000
    /// A status has three digits.
    private static let statuses = 0...999
    /// No answer takes longer than a century; browsers write -1 where they don't know.
    private static let durations = -1.0...3.2e12

    /// What the entry tells; `sideFile` finds the bytes of a body that stands in a file of its own.
    func exchange(sideFile: (String) throws -> [UInt8]) throws -> Exchange {
        let request = try request.required("request")
        let response = try response.required("response")
        let attempt = attempt ?? 1
        guard (1...Self.mostAttempts).contains(attempt) else {
            throw RecordingError("\(attempt) is no number of an attempt")
        }
        let status = try response.status.required("response.status")
        guard Self.statuses.contains(status) else { throw RecordingError("\(status) is no status of HTTP") }
        let time = time ?? 0
        guard Self.durations.contains(time) else { throw RecordingError("\(time) is no time in milliseconds") }
        return Exchange(
            sequence: try sequence.required("_seq"), operation: try operation.required("_op"), account: account,
            attempt: attempt, started: try Date(recorded: try started.required("startedDateTime")),
            milliseconds: time,
            request: Exchange.Request(
                method: try request.method.required("request.method"), url: try request.url.required("request.url"),
                headers: request.headers, body: try request.body.bytes(sideFile: sideFile, mayBeBase64: false)),
            outcome: try status == 0
                ? .noAnswer(error ?? "no answer")
                : .answer(
                    Exchange.Response(
                        status: status, headers: response.headers,
                        body: response.body.bytes(sideFile: sideFile, mayBeBase64: true))))
    }
}

extension HAREntry.Body {
    /// - Parameter mayBeBase64: HAR has `encoding` for an answer's body only.
    fileprivate func bytes(sideFile: (String) throws -> [UInt8], mayBeBase64: Bool) throws -> [UInt8] {
        if let file { return try sideFile(file) }
        let text = text ?? ""
        guard mayBeBase64, encoding == "base64" else { return Array(text.utf8) }
        guard let data = Data(base64Encoded: text) else { throw RecordingError("content.text isn't base64") }
        return Array(data)
    }
}

/// Something that a line must have and hasn't.
struct MissingMember: Error, CustomStringConvertible {
    var name: String

    var description: String { "\(name) is missing" }
}

extension Optional {
    /// - Throws: ``MissingMember``
    func required(_ name: String) throws(MissingMember) -> Wrapped {
        guard let self else { throw MissingMember(name: name) }
        return self
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
