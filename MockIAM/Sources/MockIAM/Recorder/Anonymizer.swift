import PlainText

package import Recording

extension MockIAM {
    /// Makes a recording fit for a public repository: other accounts, users, keys and so on take the place of the real
    /// ones, the same ones everywhere, so that it replays as before.
    ///
    ///     var anonymizer = MockIAM.Anonymizer()
    ///     let fit = anonymizer.anonymize(recording)
    ///
    /// It works by structure: each field is treated as what it is, in the request, in the answer and within the
    /// credential report. What isn't understood is taken out. Times, statuses, regions and the names of AWS's own
    /// services stay: they are what is tested.
    package struct Anonymizer: Sendable {
        private var pseudonyms: Pseudonyms
        private let scrubber = Scrubber()

        /// - Parameter key: the same text makes the same pseudonyms in every recording, and lets whoever knows it try
        ///   out names; without one nobody can.
        package init(key: String? = nil) {
            pseudonyms = Pseudonyms(key: key)
        }

        /// Reads the whole recording before it writes, so that a message may mention what comes later.
        package mutating func anonymize(_ recording: RecordedExchanges) -> RecordedExchanges {
            let manifest = anonymize(recording.manifest)
            for exchange in recording.exchanges { _ = anonymize(exchange) }
            return RecordedExchanges(manifest: manifest, exchanges: recording.exchanges.map { anonymize($0) })
        }

        /// Without the description, which may say anything.
        package mutating func anonymize(_ manifest: RecordingManifest) -> RecordingManifest {
            RecordingManifest(
                created: manifest.created, account: manifest.account.map { pseudonyms.account($0) },
                tool: "mock-iam \(MockIAM.version)", clock: manifest.clock)
        }

        /// One exchange after the other, as they happen. Secrets are taken out as well.
        package mutating func anonymize(_ exchange: Exchange) -> Exchange {
            var fit = scrubber.scrub(exchange)
            let keepsBodies = scrubber.keepsBodies(of: fit)
            if !fit.operation.isOperationName { fit.operation = "Unknown" }
            fit.account = fit.account.map { pseudonyms.account($0) }
            if case .noAnswer(let reason) = fit.outcome { fit.outcome = .noAnswer(pseudonyms.message(reason)) }
            fit.request.url = fit.request.url.anonymousURL
            if !["GET", "HEAD", "POST"].contains(fit.request.method) { fit.request.method = "POST" }
            if keepsBodies { fit.request.body = pseudonyms.requestBody(fit.request.body) }
            let length = fit.request.body.count
            fit.request.headers = fit.request.headers.compactMap { header($0, length: length) }
            fit.changeResponse { response in
                if keepsBodies { response.body = pseudonyms.answerBody(response.body) }
                let length = response.body.count
                response.headers = response.headers.compactMap { header($0, length: length) }
            }
            return fit
        }

        /// A header with what it may say; nil for one that is better left out.
        private mutating func header(_ header: Exchange.Header, length: Int) -> Exchange.Header? {
            var value = header.value
            switch header.name.lowercased() {
            case "content-length": value = String(length)
            case "content-type":
                guard value.utf8.allSatisfy({ $0.isASCIIAlphanumeric || "/;=-+. ".utf8.contains($0) }) else {
                    return nil
                }
            case "date", "x-amz-date":
                guard value.utf8.count <= 32, !value.split(separator: " ").contains(where: \.isAccountID) else {
                    return nil
                }
            case "host": value = value.anonymousAuthority
            case "x-amz-target":
                guard value.utf8.allSatisfy({ $0.isASCIIAlphanumeric || $0 == UInt8(ascii: ".") }) else { return nil }
            case "x-amzn-requestid": value = pseudonyms.value(value, .name(.requestID))
            default: return nil  // User-Agent and Server can name an organization's programs.
            }
            return Exchange.Header(name: header.name, value: value)
        }
    }
}

extension String {
    fileprivate var isOperationName: Bool {
        1...64 ~= utf8.count && utf8.allSatisfy(\.isASCIIAlphanumeric) && !isAccountID && !UniqueID.looksLike(self)
    }
}
