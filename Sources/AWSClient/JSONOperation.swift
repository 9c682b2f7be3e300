import FoundationEssentials

/// An operation whose answers are JSON: REST-JSON, as IAM Identity Center speaks it.
package protocol JSONOperation: NamedOperation where Output: Decodable {}

extension JSONOperation {
    /// Tokens and credentials are all that is asked for in JSON. Errors in it quote nothing.
    package static var mayAnswerWithItsSecrets: Bool { true }

    package static func output(of answer: HTTPResponse) throws(AnswerError) -> Output {
        do {
            return try JSONDecoder().decode(Output.self, from: Data(answer.body))
        } catch {
            throw .json(error.jsonReason)
        }
    }

    /// The code stands in the header `x-amzn-ErrorType`, in `__type` or, as OAuth has it, in `error`.
    ///
    /// Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization and
    /// https://datatracker.ietf.org/doc/html/rfc6749#section-5.2
    package static func failure(in answer: HTTPResponse) throws(AnswerError) -> (code: String, message: String) {
        let body = try? JSONDecoder().decode(JSONFailure.self, from: Data(answer.body))
        let header = answer.header("x-amzn-errortype")
        guard let code = header ?? body?.__type ?? body?.error ?? body?.code else {
            throw .json("the answer names no error")
        }
        // `com.amazonaws.switchboard.portal#UnauthorizedException`, `InvalidGrantException:http://internal…`
        let name = code.split(separator: "#").last.map(String.init) ?? code
        return (
            String(name.prefix { $0 != ":" }), body?.message ?? body?.Message ?? body?.error_description ?? "no message"
        )
    }
}

/// The fields in which services say what went wrong.
private struct JSONFailure: Decodable {
    var __type: String?
    var code: String?
    var error: String?
    var error_description: String?
    var message: String?
    var Message: String?
}

extension Error {
    /// What isn't as it should be, in a few words that quote nothing of the text: it may be a secret.
    var jsonReason: String {
        switch self as any Error {
        case DecodingError.keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has another type than expected"
        default: "it isn't JSON"
        }
    }
}
