import FoundationEssentials
import NIOCore

/// An error in AWS's form.
struct AWSError: Error, Equatable {
    var status: Int
    var code: String
    /// Nil for an error that comes without a `Message` element.
    var message: String?
    var service: Service = .iam
    /// For 405, the methods that are taken.
    var allowed: [String] = []
    /// For 302, where to go. Then that is all that the answer says.
    var location: String?
}

extension AWSError {
    /// Code and message, for the log.
    var summary: String {
        message.map { "\(code): \($0)" } ?? code
    }

    static func missingAction(_ service: Service = .iam) -> AWSError {
        AWSError(
            status: 400, code: "MissingAction", message: "The request is missing an action or a required parameter.",
            service: service
        )
    }

    static let unknownPath = AWSError(
        status: 404, code: "UnknownOperationException", message: "Requests of the Query protocol go to the path /."
    )

    static func methodNotAllowed(but allowed: String...) -> AWSError {
        AWSError(
            status: 405, code: "MethodNotAllowed",
            message: "Requests are sent by POST with a form body, or by GET with a query string.", allowed: allowed)
    }

    static func bodyTooLarge(limit: Int) -> AWSError {
        AWSError(
            status: 413, code: "RequestEntityTooLarge", message: "The request body is larger than \(limit) bytes.")
    }

    static let headersTooLarge = AWSError(
        status: 431, code: "RequestHeaderFieldsTooLarge",
        message: "The request's headers are larger than 80 KiB, or more than 256."
    )

    static let malformedHTTP = AWSError(status: 400, code: "MalformedInput", message: "The request is not HTTP/1.1.")

    static func validation(_ message: String) -> AWSError {
        AWSError(status: 400, code: "ValidationError", message: message)
    }

    /// What can't be read as what it has to be. For most numbers and booleans AWS says no more [live].
    static func malformedInput(_ message: String? = nil) -> AWSError {
        AWSError(status: 400, code: "MalformedInput", message: message)
    }

    static func noSuchEntity(_ message: String) -> AWSError {
        AWSError(status: 404, code: "NoSuchEntity", message: message)
    }

    /// What GetAccessKeyLastUsed says of a key that the caller's account doesn't have. AWS doesn't tell whether another
    /// account has it or nobody. Nor does it write the colon that its other denials have. Both as recorded by LocalStack
    /// (https://github.com/localstack/localstack, tests/aws/services/iam/test_iam_users.snapshot.json,
    /// test_access_key_errors).
    static func noKeyOfTheAccount(_ id: String, askedBy caller: String) -> AWSError {
        .accessDenied(
            "User: \(caller) is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key \(id)")
    }

    static let unknownKey = AWSError(
        status: 403, code: "InvalidClientTokenId", message: "The security token included in the request is invalid.")

    static func accessDenied(_ message: String, _ service: Service = .iam) -> AWSError {
        AWSError(status: 403, code: "AccessDenied", message: message, service: service)
    }
}

extension AWSError {
    /// What no service gets to see is refused in the front end's own namespace (envoyproxy/envoy shows such an answer of
    /// STS in source/extensions/common/aws).
    static let frontEndNamespace = "http://webservices.amazon.com/AWSFault/2005-15-09"

    fileprivate var namespace: String {
        code == "InvalidAction" ? Self.frontEndNamespace : service.namespace
    }
}

extension Answer {
    /// In the form of the Query protocol.
    init(_ error: AWSError, requestID: String) {
        if let location = error.location {
            self.init(
                status: error.status, type: nil, requestID: requestID, of: error.service, location: location,
                body: ByteBuffer())
            return
        }
        let message = error.message.map { "    <Message>\($0.xmlEscaped)</Message>\n" } ?? ""
        let body = """
            <ErrorResponse xmlns="\(error.namespace)">
              <Error>
                <Type>\(error.status < 500 ? "Sender" : "Receiver")</Type>
                <Code>\(error.code.xmlEscaped)</Code>
            \(message)  </Error>
              <RequestId>\(requestID)</RequestId>
            </ErrorResponse>

            """
        self.init(
            status: error.status, type: "text/xml", requestID: requestID, of: error.service, allowing: error.allowed,
            body: ByteBuffer(string: body))
    }
}
