import FoundationEssentials

/// An error in AWS's form.
struct AWSError: Error, Equatable {
    var status: Int
    var code: String
    var message: String
    var service: Service = .iam

    /// The service whose XML namespace an answer wears.
    enum Service {
        case iam
        case sts

        var namespace: String {
            switch self {
            case .iam: "https://iam.amazonaws.com/doc/2010-05-08/"
            case .sts: "https://sts.amazonaws.com/doc/2011-06-15/"
            }
        }
    }
}

extension AWSError {
    static func missingAction(_ service: Service = .iam) -> AWSError {
        AWSError(
            status: 400, code: "MissingAction", message: "The request is missing an action or a required parameter.",
            service: service
        )
    }

    static let unknownPath = AWSError(
        status: 404, code: "UnknownOperationException", message: "Requests of the Query protocol go to the path /."
    )

    static let methodNotAllowed = AWSError(
        status: 405, code: "MethodNotAllowed",
        message: "Requests are sent by POST with a form body, or by GET with a query string."
    )

    static let bodyTooLarge = AWSError(
        status: 413, code: "RequestEntityTooLarge",
        message: "The request body is larger than \(HTTPRequest.bodyLimit) bytes."
    )

    static let malformedHTTP = AWSError(status: 400, code: "MalformedInput", message: "The request is not HTTP/1.1.")
}

extension Answer {
    init(_ error: AWSError, requestID: String, clock: Date) {
        let body = """
            <ErrorResponse xmlns="\(error.service.namespace)">
              <Error>
                <Type>\(error.status < 500 ? "Sender" : "Receiver")</Type>
                <Code>\(error.code.xmlEscaped)</Code>
                <Message>\(error.message.xmlEscaped)</Message>
              </Error>
              <RequestId>\(requestID)</RequestId>
            </ErrorResponse>

            """
        self.init(
            status: error.status, headers: Self.defaultHeaders(requestID: requestID, clock: clock),
            body: Array(body.utf8)
        )
    }
}
