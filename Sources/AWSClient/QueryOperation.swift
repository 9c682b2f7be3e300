/// A call by AWS's Query protocol, as IAM and STS speak it: a form goes out, XML comes back.
package protocol QueryCall: Operation {
    /// The request's parameters in their own order, without `Action` and `Version`; nothing for those left at their
    /// default.
    var parameters: [(name: String, value: String)] { get }
}

/// A call by the Query protocol of which the answer is read.
package protocol QueryOperation: QueryCall, NamedOperation {
    /// Reads the `<…Result>` element at which the reader stands.
    static func output(from xml: inout XMLReader) throws(XMLError) -> Output
}

extension QueryCall {
    package var content: RequestContent {
        var body: [UInt8] = []
        body.reserveCapacity(256)
        func append(_ name: String, _ value: String) {
            if !body.isEmpty { body.append(UInt8(ascii: "&")) }
            body += PercentEncoding.encode(name).utf8
            body.append(UInt8(ascii: "="))
            body += PercentEncoding.encode(value).utf8
        }
        append("Action", operationName)
        append("Version", Self.service.queryVersion)
        for (name, value) in parameters { append(name, value) }
        return RequestContent(
            headers: [HTTPHeader(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8")],
            body: body)
    }

    package static func failure(in answer: HTTPResponse) throws(AnswerError) -> (code: String, message: String) {
        do {
            return try QueryAnswer.error(in: answer.body)
        } catch {
            throw .xml(error)
        }
    }
}

extension QueryOperation {
    package static func output(of answer: HTTPResponse) throws(AnswerError) -> Output {
        do {
            return try QueryAnswer.decode(Self.self, from: answer.body)
        } catch {
            throw .xml(error)
        }
    }
}

extension AWSService {
    /// The version of the API that requests of the Query protocol name.
    fileprivate var queryVersion: String {
        self == .sts ? "2011-06-15" : "2010-05-08"
    }
}
