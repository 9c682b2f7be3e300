import FoundationEssentials
import Recording

extension HARFile.Entry {
    /// The exchange that an entry tells of, with what it leaves out worked out from what it has.
    func exchange() throws(MockIAM.HARImport.Skipped) -> Exchange {
        guard let started = Date(har: startedDateTime) else {
            throw .init(reason: .unreadable("startedDateTime is no instant"))
        }
        let request = try recordedRequest()
        guard let operation = operation(of: request) else { throw .init(reason: .otherTraffic) }
        let response = try recordedResponse()
        let account = _account.flatMap { $0.isAccountID ? $0 : nil }
        return Exchange(
            sequence: _seq ?? 0, operation: operation, account: account ?? response?.accountNamed,
            attempt: max(1, _attempt ?? 1), started: started, milliseconds: max(0, time ?? 0),
            request: request, outcome: response.map(Exchange.Outcome.answer) ?? .noAnswer(_error ?? "no answer"))
    }

    /// By what the request asks for. What `_op` says counts only where the request says nothing: it decides whether a
    /// body may be kept.
    private func operation(of request: Exchange.Request) -> String? {
        guard let operation = request.operation else {
            return request.body == Array(Scrubber.redacted.utf8) ? _op : nil
        }
        // The versions of IAM's and STS's interfaces; other services have others. A dot is in a target of theirs.
        let version = FormParameter.parse(request.body).first { $0.name == "Version" }?.value
        let isOurs = version == nil || version == "2010-05-08" || version == "2011-06-15"
        return isOurs && !operation.contains(".") ? operation : nil
    }

    private func recordedRequest() throws(MockIAM.HARImport.Skipped) -> Exchange.Request {
        var body: [UInt8] = []
        if let postData = request.postData {
            if let text = postData.text, !text.isEmpty {
                guard postData.encoding == "base64" else {
                    body = Array(text.utf8)
                    return recordedRequest(body: body)
                }
                guard let data = Data(base64Encoded: text) else {
                    throw .init(reason: .unreadable("request.postData.text isn't base64"))
                }
                body = Array(data)
            } else if let params = postData.params {
                let form = params.map { "\($0.name.formEncoded)=\(($0.value ?? "").formEncoded)" }
                body = Array(form.joined(separator: "&").utf8)
            }
        }
        return recordedRequest(body: body)
    }

    private func recordedRequest(body: [UInt8]) -> Exchange.Request {
        let headers = (request.headers ?? []).map(Exchange.Header.init)
        return Exchange.Request(method: request.method, url: request.url, headers: headers, body: body).asPost
    }

    /// The answer; nil where none arrived.
    private func recordedResponse() throws(MockIAM.HARImport.Skipped) -> Exchange.Response? {
        guard 100..<600 ~= response.status else { return nil }
        var body: [UInt8] = []
        if let text = response.content?.text {
            if response.content?.encoding == "base64" {
                guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
                    throw .init(reason: .unreadable("response.content.text isn't base64"))
                }
                body = Array(data)
            } else {
                body = Array(text.utf8)
            }
        } else if (response.content?.size ?? 0) > 0 {
            throw .init(reason: .withoutBody)
        }
        var headers = (response.headers ?? []).map(Exchange.Header.init)
        for index in headers.indices where headers[index].name.lowercased() == "content-length" {
            // That of the compressed body, maybe.
            headers[index].value = String(body.count)
        }
        return Exchange.Response(status: response.status, headers: headers, body: body)
    }
}

extension Exchange.Header {
    fileprivate init(_ header: HARFile.NameValue) {
        self.init(name: header.name, value: header.value ?? "")
    }
}

extension Exchange.Response {
    /// The account that an answer names: of the caller, or within the first ARN that has one.
    var accountNamed: String? {
        guard let text = String(validating: body, as: UTF8.self), let document = XMLDocument(text) else { return nil }
        var account: String?
        document.forEachLeaf { path, text in
            guard account == nil else { return }
            if path.last == "Account", text.isAccountID { account = text }
            if path.last == "Arn" {
                let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
                if parts.count == 6, parts[4].isAccountID { account = String(parts[4]) }
            }
        }
        return account
    }
}
