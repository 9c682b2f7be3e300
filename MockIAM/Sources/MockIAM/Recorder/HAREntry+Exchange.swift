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
        let target = request.headers.first { $0.name.lowercased() == "x-amz-target" }?.value
        if let target {
            return target.hasPrefix("AWSOrganizations") ? target.split(separator: ".").last.map(String.init) : nil
        }
        let parameters = FormParameter.parse(request.body)
        let actions = parameters.filter { $0.name == "Action" }.map(\.value)
        // With two of them nobody could tell to which one the answer belongs.
        guard let action = actions.first, actions.count == 1 else {
            return request.body == Array(Scrubber.redacted.utf8) ? _op : nil
        }
        // The versions of IAM's and STS's interfaces; other services have others.
        let version = parameters.first { $0.name == "Version" }?.value
        return version == nil || version == "2010-05-08" || version == "2011-06-15" ? action : nil
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

    /// A request by GET carries its parameters in the URL, where they can't stay, because a signature may be among
    /// them: it is kept as the POST that asks for the same.
    private func recordedRequest(body: [UInt8]) -> Exchange.Request {
        var body = body
        var method = request.method
        let query = request.url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let parameters = FormParameter.parse(query.prefix { $0 != "#" }.utf8).filter { !$0.isSigning }
        if body.isEmpty, parameters.contains(where: { $0.name == "Action" }) {
            body = Array(
                parameters.map { "\($0.name.formEncoded)=\($0.value.formEncoded)" }.joined(separator: "&").utf8)
            method = "POST"
        }
        return Exchange.Request(
            method: method, url: request.url, headers: (request.headers ?? []).map(Exchange.Header.init), body: body)
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
