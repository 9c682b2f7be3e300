package import CanonicalJSON
package import FoundationEssentials
import PlainText

/// An exchange is written as a HAR 1.2 entry (http://www.softwareishard.com/blog/har-12-spec/) with all that a strict
/// HAR reader asks for, and our own fields, whose names begin with `_` as the specification has it.
extension Exchange: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("_account", account)
            json.member("_attempt", attempt)
            if case .noAnswer(let reason) = outcome { json.member("_error", reason) }
            json.member("_op", operation)
            json.member("_outcome", outcome.name)
            json.member("_seq", sequence)
            json.member("_sha256", response?.digest)
            json.name("cache")
            json.object { _ in }
            json.member("request", request)
            json.name("response")
            // Where none arrived, a browser writes an answer with status 0.
            (response ?? Response(status: 0, body: [])).write(to: &json, bodySize: response?.body.count ?? -1)
            json.member("startedDateTime", started.recorded)
            json.member("time", milliseconds)
            json.name("timings")
            json.object { json in
                json.member("receive", 0)
                json.member("send", 0)
                json.member("wait", milliseconds)
            }
        }
    }
}

extension Date {
    /// ISO 8601 with the nearest millisecond. The style alone cuts off what is below one, and the double that stands
    /// for a millisecond is below it as often as not: read and written again, an instant would move.
    package var recorded: String {
        let millisecond = (timeIntervalSinceReferenceDate * 1000).rounded() / 1000
        return Date(timeIntervalSinceReferenceDate: millisecond + 0.000_1).instantWithMilliseconds
    }
}

extension Exchange.Outcome {
    fileprivate var name: String {
        switch self {
        case .answer(let response): response.isSuccess ? "ok" : "http-\(response.status)"
        case .noAnswer: "no-answer"
        }
    }
}

extension Exchange.Request: JSONWritable {
    package func write(to json: inout JSONWriter) {
        let type = headers.value(of: "content-type")
        json.object { json in
            json.member("bodySize", body.count)
            json.emptyArray("cookies")
            json.member("headers", headers)
            json.member("headersSize", -1)
            json.member("httpVersion", "HTTP/1.1")
            json.member("method", method)
            if !body.isEmpty {
                json.name("postData")
                json.object { json in
                    json.member("mimeType", type ?? "application/octet-stream")
                    json.member("params", type?.isFormType == true ? FormParameter.parse(body) : nil)
                    if body.isUTF8 {
                        json.member("text", utf8: body)
                    } else {
                        json.member("text", String(decoding: body, as: UTF8.self))
                    }
                }
            }
            json.emptyArray("queryString")
            json.member("url", url)
        }
    }
}

extension [UInt8] {
    /// What is ASCII needs no copy to be sure of that.
    fileprivate var isUTF8: Bool { reduce(0, |) < 0x80 || String(validating: self, as: UTF8.self) != nil }
}

extension String {
    /// Whether a body of this media type is a form.
    fileprivate var isFormType: Bool { hasPrefixIgnoringASCIICase("application/x-www-form-urlencoded") }
}

extension Exchange.Response {
    fileprivate func write(to json: inout JSONWriter, bodySize: Int) {
        let isText = body.isUTF8
        json.object { json in
            json.member("bodySize", bodySize)
            json.name("content")
            json.object { json in
                json.member("encoding", isText ? nil : "base64")
                json.member("mimeType", header("content-type") ?? "")
                json.member("size", body.count)
                if isText {
                    json.member("text", utf8: body)
                } else {
                    json.member("text", Data(body).base64EncodedString())
                }
            }
            json.emptyArray("cookies")
            json.member("headers", headers)
            json.member("headersSize", -1)
            json.member("httpVersion", "HTTP/1.1")
            json.member("redirectURL", "")
            json.member("status", status)
            json.member("statusText", "")
        }
    }
}

extension Exchange.Header: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("name", name)
            json.member("value", value)
        }
    }
}

extension FormParameter: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("name", name)
            json.member("value", value)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func emptyArray(_ name: StaticString) {
        self.name(name)
        array { _ in }
    }
}
