import CanonicalJSON
import FoundationEssentials

/// A HAR document as anybody may have written it: no more is asked for than what an exchange can't be without.
struct HARFile: Decodable {
    var log: Log

    struct Log: Decodable {
        var _recording: Manifest?
        var creator: Creator?
        var entries: [IfReadable<Entry>]
    }

    struct Creator: Decodable {
        var name: String?
        var version: String?
    }

    struct Manifest: Decodable {
        var account: String?
        var clock: String?
        var created: String
        var description: String?
        var formatVersion: Int
        var tool: String
    }

    struct Entry: Decodable {
        var _account: String?
        var _attempt: Int?
        var _error: String?
        var _op: String?
        var _seq: Int?
        var _sha256: String?
        var request: Request
        var response: Response
        var startedDateTime: String
        var time: Double?
    }

    struct NameValue: Decodable {
        var name: String
        var value: String?
    }

    struct PostData: Decodable {
        /// Of no specification; some tools write it as they do for an answer.
        var encoding: String?
        var params: [NameValue]?
        var text: String?
    }

    struct Request: Decodable {
        var headers: [NameValue]?
        var method: String
        var postData: PostData?
        var url: String
    }

    struct Content: Decodable {
        var encoding: String?
        var size: Double?
        var text: String?
    }

    struct Response: Decodable {
        var content: Content?
        var headers: [NameValue]?
        var status: Int
    }
}

/// A value that may be of another shape than expected, among others that aren't.
enum IfReadable<Value: Decodable>: Decodable {
    case readable(Value)
    /// Which member isn't as it should be.
    case unreadable(String)

    init(from decoder: any Decoder) throws {
        do { self = .readable(try Value(from: decoder)) } catch let error as DecodingError {
            self = .unreadable(error.plainReason(below: decoder.codingPath.count))
        } catch {
            // Numbers and escapes are looked at when they are asked for, and are no matter of decoding to whoever does.
            self = .unreadable("a number or a text in it isn't as JSON has it")
        }
    }
}
