import PlainText

extension Exchange.Request {
    /// The operation that the request asks for: by this it is judged what of an exchange may be kept. Nil where it names
    /// none, or more than one, so that nobody could tell to which of them the answer belongs.
    package var operation: String? {
        let operations = operations
        return operations.count == 1 ? operations[0] : nil
    }

    /// Every operation that the request names: by its header `X-Amz-Target`, by `Action` in the body, and by `Action` in
    /// the URL. One of Organizations is named as its documentation does, `ListAccounts`; one of another service that
    /// speaks JSON by the whole target, because the `ListUsers` of that service isn't IAM's.
    package var operations: [String] {
        var operations: [String] = []
        for header in headers where header.name.isSameIgnoringASCIICase(as: "x-amz-target") {
            operations.append(Self.operation(ofTarget: header.value))
        }
        return operations + Self.actions(in: body) + Self.actions(in: Array(query.utf8))
    }

    /// The POST that asks for the same with all its parameters in the body, and nothing of a signature among them; the
    /// request itself where it is that already, or is none of the Query protocol.
    ///
    /// A request by GET carries its parameters in the URL, where they can't stay, because a signature may be among them.
    package var asPost: Exchange.Request {
        let query = Array(query.utf8)
        // Nearly all.
        if query.isEmpty, !FormParameter.hasSigning(body) { return self }
        guard !Self.actions(in: body).isEmpty || !Self.actions(in: query).isEmpty else { return self }
        let asked = FormParameter.withoutSigning(query)
        var post = self
        post.body = FormParameter.withoutSigning(body)
        guard !asked.isEmpty else { return post }
        post.method = "POST"
        post.url = String(Substring(url.utf8.prefix { $0 != UInt8(ascii: "?") }))
        post.body = asked + (post.body.isEmpty ? [] : [UInt8(ascii: "&")] + post.body)
        return post
    }

    private var query: Substring {
        let bytes = url.utf8
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else { return "" }
        let end = bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.endIndex
        return mark < end ? url[bytes.index(after: mark)..<end] : ""
    }

    private static func actions(in form: [UInt8]) -> [String] { FormParameter.values(of: "Action", in: form) }

    private static func operation(ofTarget target: String) -> String {
        let organizations = "AWSOrganizationsV20161128."
        return target.hasPrefix(organizations) ? String(target.dropFirst(organizations.count)) : target
    }
}
