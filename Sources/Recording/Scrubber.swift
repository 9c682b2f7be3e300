import PlainText

/// Takes out of an exchange what must never be kept: a header that isn't on the list doesn't pass, nor does a body of
/// an operation that isn't.
///
/// It allows rather than denies, because the next secret header has a name that nobody has thought of yet.
package struct Scrubber: Sendable {
    /// Stands where something was taken out.
    package static let redacted = "<redacted>"

    private let requestHeaders = [
        "content-type", "host", "user-agent", "x-amz-date", "x-amz-target",
    ]
    private let responseHeaders = [
        "content-length", "content-type", "date", "server", "x-amzn-requestid",
    ]
    /// The read-only operations whose request and answer hold no secret. `AssumeRole*`, `GetRoleCredentials`,
    /// `CreateToken` and `CreateAccessKey`, whose answers do, are not here, and nor is anything unknown.
    private let operations: Set<String> = [
        "GetCallerIdentity", "ListUsers", "ListAccessKeys", "GetAccessKeyLastUsed", "GetLoginProfile",
        "GetAccountSummary", "GenerateCredentialReport", "GetCredentialReport", "GetAccountAuthorizationDetails",
        "ListUserTags", "ListMFADevices", "ListSigningCertificates", "ListSSHPublicKeys",
        "ListServiceSpecificCredentials", "GetUser", "ListAccountAliases", "ListAccounts", "DescribeOrganization",
        "GetAccessKeyInfo", "SimulatePrincipalPolicy",
    ]

    package init() {}

    /// Whether the bodies of an operation may be kept.
    package func keepsBodies(of operation: String) -> Bool {
        operations.contains(operation)
    }

    /// Whether the bodies of an exchange may be kept: those of an operation that is on the list, and that the request
    /// itself asks for. What an exchange is called counts for nothing by itself, because a file may call it anything.
    package func keepsBodies(of exchange: Exchange) -> Bool {
        keepsBodies(of: exchange.operation) && exchange.request.operation == exchange.operation
    }

    /// The exchange without what must not be kept, and called by what its request asks for.
    package func scrub(_ exchange: Exchange) -> Exchange {
        var clean = exchange
        let asked = exchange.request.operation
        clean.operation = asked ?? exchange.operation
        let mayStay = asked.map { keepsBodies(of: $0) } ?? false
        clean.request = exchange.request.asPost
        clean.request.headers.keep(requestHeaders)
        clean.changeResponse { $0.headers.keep(responseHeaders) }
        clean.request.url = withoutQuery(clean.request.url)
        if !mayStay {
            clean.request.body = Array(Self.redacted.utf8)
            clean.changeResponse { $0.body = Array(Self.redacted.utf8) }
        }
        return clean
    }

    /// A presigned URL carries its signature in the query, and user information goes before the host: neither is kept.
    ///
    /// By bytes: a mark that combines with what stands before it would hide that from a search by characters.
    private func withoutQuery(_ url: String) -> String {
        let marks = [UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "@")]
        if !url.utf8.contains(where: marks.contains) { return url }
        let bytes = url.utf8
        let path = bytes.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard let scheme = Substring(path).firstRange(of: "://") else { return String(Substring(path)) }
        let rest = path[scheme.upperBound...]
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return String(Substring(path)) }
        let host = authority[authority.index(after: at)...]
        return String(Substring(path[..<scheme.upperBound])) + Substring(host) + Substring(rest[authority.endIndex...])
    }
}

extension [Exchange.Header] {
    fileprivate mutating func keep(_ names: [String]) {
        self = filter { header in names.contains { $0.isSameIgnoringASCIICase(as: header.name) } }
    }
}
