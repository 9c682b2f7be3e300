import AWSClient
import Collector
import Evidence
import PlainText

/// Something that keeps the program from running, as text: what failed, on what, why, and what to do next.
struct Failure: Error {
    var text: String

    init(_ text: String) {
        self.text = text
    }

    /// What helps where IAM takes no call by a session that GetSessionToken gave.
    static let userSession =
        "these credentials are a session that GetSessionToken gave without MFA, and such a session may not call IAM: no "
        + "grant changes that. Get one with `aws sts get-session-token --serial-number ARN --token-code CODE`, or assume a "
        + "role."

    /// What helps where the credentials ended before the scan did.
    static let expiredMeanwhile =
        "the credentials expired before the scan ended. Use a profile or a role, whose credentials are renewed on the way, or "
        + "ones that hold longer."

    init(_ error: any Error, credentials: Credentials?) {
        switch error {
        case let error as Failure: self = error
        case let error as AWSError: text = Self.describe(error, credentials: credentials)
        case let error as CredentialError: text = error.description
        case let error as BundleError: text = error.description
        case is CancellationError: text = "cancelled."
        default: text = "\(error)"
        }
    }

    private static func describe(_ error: AWSError, credentials: Credentials?) -> String {
        let key = credentials?.accessKeyID ?? "unknown"
        let origin = credentials?.origin ?? "unknown"
        let endpoint = error.endpoint
        switch error.reason {
        case .service(let code, let message, let status):
            let words = message.withoutStop
            let said = "AWS says \(code) (HTTP \(status))" + (words.isEmpty ? "" : ": \(words)")
            switch AWSErrorCode(rawValue: code) {
            case let code where code.isSignatureMismatch && message.contains("Credential should be scoped to"):
                return "the signature is for another region or service than \(endpoint) takes. \(said). "
                    + "Check --region, AWS_REGION and the profile's region, and --endpoint-url."
            case let code where code.isUnknownKey:
                return
                    "AWS doesn't know access key \(key) (from \(origin)). \(said). Was it deleted or deactivated, "
                    + "or is it a key of another partition (--region)? Temporary credentials also need their session "
                    + "token."
            case let code where code.isOfSignatureDate || code.isSignatureMismatch && message.speaksOfSignatureDate:
                return "this machine's clock differs from AWS's by more than 15 minutes. \(said). Set the clock."
            case .regionDisabled:
                return
                    "\(endpoint) takes no calls for this account. \(said). Have STS activated in that region, or take "
                    + "another one with --region."
            case let code where code.isSignatureMismatch || code.rawValue == "IncompleteSignature":
                return "the secret access key doesn't fit access key \(key) (from \(origin)). \(said). "
                    + "Copy the secret again, and check this machine's clock."
            case let code where code.isExpiredToken:
                let login = credentials?.method == .login ? "aws login" : "aws sso login"
                return "the temporary credentials of \(key) (from \(origin)) have expired. \(said). "
                    + "Get new ones, for example with `\(login)` or by assuming the role again."
            // Who asks for an identity needs no permission.
            case let code where code.isAccessDenied:
                return
                    "\(error.operation) is denied to \(key) (from \(origin)). \(said). It needs no permission, and only a "
                    + "policy that denies everything, or a VPC endpoint's, takes it away. See what they say."
            default:
                return "\(error.operation) at \(endpoint) failed. \(said). Try again; --debug shows every call."
            }
        case .transport(let reason):
            let tries = error.attempts > 1 ? " after \(error.attempts) attempts" : ""
            return "can't get an answer from \(endpoint)\(tries): \("\(reason)".withoutStop). "
                + "Check --region, --endpoint-url, the network and its proxy."
        case .unreadable(_, let status) where status >= 500:
            let tries = error.attempts > 1 ? ", \(error.attempts) attempts" : ""
            return
                "\(endpoint) has no answer at the moment (HTTP \(status), \(error.operation)\(tries)). Try again later; if "
                + "it stays, check --endpoint-url and what stands in between."
        case .unreadable(_, let status) where (300..<400).contains(status):
            return
                "\(endpoint) sends callers elsewhere (HTTP \(status), \(error.operation)), as AWS doesn't, and where to isn't "
                + "asked. Check --endpoint-url, and whether a proxy or a sign-in page stands in between."
        case .unreadable(let reason, let status):
            return
                "\(endpoint) doesn't answer as AWS does: \("\(reason)".withoutStop) (HTTP \(status), \(error.operation)). "
                + "Check --endpoint-url, and whether a proxy or a sign-in page stands in between."
        case .pagination(let problem):
            return
                "\(error.operation) at \(endpoint): \(problem.withoutStop). Try again, and check --endpoint-url if it stays."
        case .credentials(let error): return error.description
        }
    }
}

/// Why something can't be had, as a part of a sentence.
struct Cause: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension String {
    /// In these words AWS says of a signature that doesn't fit why it doesn't.
    fileprivate var speaksOfSignatureDate: Bool {
        contains("Signature expired") || contains("Signature not yet current")
    }
}
