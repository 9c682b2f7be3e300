import CanonicalJSON
import NIOCore
import Recording

/// How a service writes its errors.
enum ErrorForm: Sendable {
    /// XML, as IAM and STS have it.
    case query
    /// AWS JSON 1.1, as Organizations has it.
    case organizations
    /// Of the portal of IAM Identity Center.
    case portal
    /// OAuth's, https://datatracker.ietf.org/doc/html/rfc6749#section-5.2, as Identity Center's OIDC service has it.
    case openID
    /// As the ECS agent and the EKS Pod Identity agent have it.
    case container
    /// A page for people, as the instance metadata service has it.
    case metadata

    /// What an error of the Query protocol becomes here: a fault's, or one of a signature.
    func answer(_ error: AWSError, requestID: String) -> Answer {
        self == .query ? Answer(error, requestID: requestID) : answer(translated(error), requestID: requestID)
    }

    func answer(_ error: ServiceError, requestID: String) -> Answer {
        switch self {
        case .query:
            Answer(
                AWSError(status: error.status, code: error.code, message: error.message), requestID: requestID)
        case .organizations: organizations(error, requestID)
        case .portal: portal(error, requestID)
        case .openID: openID(error, requestID)
        case .container: container(error, requestID)
        case .metadata: .metadataError(error.status)
        }
    }

    /// What the service documents as its own has `Message`; what its framework says before, such as of a signature, has
    /// `message`, as seen from DynamoDB (dynalite).
    private func organizations(_ error: ServiceError, _ requestID: String) -> Answer {
        let own: Set = [
            "AccessDeniedException", "AWSOrganizationsNotInUseException", "InvalidInputException", "ServiceException",
            "TooManyRequestsException",
        ]
        var body = "{\"__type\":\(error.code.asJSON)"
        if let message = error.message {
            body += ",\"\(own.contains(error.code) ? "Message" : "message")\":\(message.asJSON)"
        }
        if let reason = error.reason { body += ",\"Reason\":\(reason.asJSON)" }
        return Answer(
            status: error.status,
            headers: [
                Exchange.Header(name: "x-amzn-RequestId", value: requestID),
                Exchange.Header(name: "x-amzn-ErrorType", value: error.code.headerSafe),
                Exchange.Header(name: "Content-Type", value: "application/x-amz-json-1.1"),
            ],
            body: ByteBuffer(string: body + "}"))
    }

    /// `{"message":"No access","__type":"com.amazonaws.switchboard.portal#ForbiddenException"}`, as the real one was
    /// seen to say.
    private func portal(_ error: ServiceError, _ requestID: String) -> Answer {
        let type = "com.amazonaws.switchboard.portal#\(error.code)"
        return Answer(
            status: error.status, type: "application/json", requestID: requestID,
            body: ByteBuffer(string: "{\"message\":\(error.message.asJSON),\"__type\":\(type.asJSON)}"))
    }

    /// Body and header as seen in logs of AWS CLI (aws-cli#5955, #8561).
    private func openID(_ error: ServiceError, _ requestID: String) -> Answer {
        let type = "\(error.code.headerSafe):http://internal.amazon.com/coral/com.amazonaws.sso.oidc/"
        let body = "{\"error\":\(error.code.oauthName.asJSON),\"error_description\":\(error.message.asJSON)}"
        return Answer(
            status: error.status,
            headers: [
                Exchange.Header(name: "x-amzn-RequestId", value: requestID),
                Exchange.Header(name: "x-amzn-ErrorType", value: type),
                Exchange.Header(name: "Content-Type", value: "application/json"),
            ],
            body: ByteBuffer(string: body))
    }

    /// The ECS agent answers 400 with JSON; the EKS agent, the one that looks at the token, with a line of text.
    private func container(_ error: ServiceError, _ requestID: String) -> Answer {
        guard error.status == 400 else {
            let text = "[\(requestID)]: (\(error.code)): \(error.message ?? ""), fault: client\n"
            return Answer(
                status: error.status,
                headers: [
                    Exchange.Header(name: "Content-Type", value: "text/plain; charset=utf-8"),
                    Exchange.Header(name: "X-Content-Type-Options", value: "nosniff"),
                ],
                body: ByteBuffer(string: text))
        }
        let body = "{\"code\":\(error.code.asJSON),\"message\":\(error.message.asJSON),\"HTTPErrorCode\":400}"
        return Answer(
            status: 400, headers: [Exchange.Header(name: "Content-Type", value: "application/json")],
            body: ByteBuffer(string: body))
    }
}

extension String {
    /// In quotation marks, with escapes.
    fileprivate var asJSON: String {
        String(decoding: CanonicalJSON.compact(self), as: UTF8.self)
    }

    /// A code may come from a fault plan, and so hold anything.
    fileprivate var headerSafe: String {
        filter { $0.isASCII && !$0.isWhitespace }
    }

    /// `AuthorizationPendingException` is `authorization_pending`.
    fileprivate var oauthName: String {
        let words = hasSuffix("Exception") ? String(dropLast("Exception".count)) : self
        return words.reduce(into: "") { name, letter in
            if letter.isUppercase, !name.isEmpty { name += "_" }
            name += letter.lowercased()
        }
    }
}

extension String? {
    fileprivate var asJSON: String {
        self?.asJSON ?? "null"
    }
}
