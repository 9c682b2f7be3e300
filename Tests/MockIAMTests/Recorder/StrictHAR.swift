/// A HAR document with everything that the specification (http://www.softwareishard.com/blog/har-12-spec/) doesn't call
/// optional: what a strict reader wants to find.
struct StrictHAR: Decodable {
    var log: Log

    struct Log: Decodable {
        var version: String
        var creator: Creator
        var entries: [Entry]
    }

    struct Creator: Decodable {
        var name, version: String
    }

    struct Entry: Decodable {
        var startedDateTime: String
        var time: Double
        var request: Request
        var response: Response
        var cache: Nothing
        var timings: Timings
    }

    struct Nothing: Decodable {}

    struct NameValue: Decodable, Equatable {
        var name, value: String
    }

    struct Request: Decodable {
        var method, url, httpVersion: String
        var cookies, headers, queryString: [NameValue]
        var postData: PostData?
        var headersSize, bodySize: Int
    }

    struct PostData: Decodable {
        var mimeType: String
        var params: [NameValue]
        var text: String
    }

    struct Response: Decodable {
        var status: Int
        var statusText, httpVersion, redirectURL: String
        var cookies, headers: [NameValue]
        var content: Content
        var headersSize, bodySize: Int
    }

    struct Content: Decodable {
        var size: Int
        var mimeType: String
        var text, encoding: String?
    }

    struct Timings: Decodable {
        var send, wait, receive: Double
    }
}
