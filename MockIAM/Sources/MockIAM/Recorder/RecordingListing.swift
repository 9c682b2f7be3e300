import CanonicalJSON
import FoundationEssentials
package import Recording

extension MockIAM {
    /// A recording as text for people: what it is, a line for each exchange, and what it comes to.
    ///
    /// A recording may come from anybody, so nothing in it reaches the terminal but printable characters.
    package struct RecordingListing {
        /// What of a recording is wanted.
        package struct Choice: Sendable {
            /// If given, only the exchanges of this action are shown.
            package var action: String?
            /// If given, only the exchange with this sequence number is shown.
            package var sequence: Int?
            /// Whether requests and answers are shown in full.
            package var showsBodies: Bool

            package init(action: String? = nil, sequence: Int? = nil, showsBodies: Bool = false) {
                self.action = action
                self.sequence = sequence
                self.showsBodies = showsBodies
            }
        }

        let recording: RecordedExchanges
        let name: String
        let choice: Choice
        /// The chosen exchanges and whether each one's body is what its line says.
        let rows: [(exchange: Exchange, digest: DigestCheck)]

        /// How a body compares with the SHA-256 that its line has.
        enum DigestCheck: String {
            case agrees
            case differs
            /// The line has none, or there is no answer.
            case unstated
        }

        package init(_ recording: RecordedExchanges, name: String, choice: Choice = Choice()) {
            self.recording = recording
            self.name = name
            self.choice = choice
            rows = recording.exchanges.enumerated().compactMap { index, exchange in
                guard choice.action == nil || choice.action?.lowercased() == exchange.operation.lowercased(),
                    choice.sequence == nil || choice.sequence == exchange.sequence
                else { return nil }
                let stated = recording.statedDigests.indices.contains(index) ? recording.statedDigests[index] : nil
                guard let stated, let digest = exchange.response?.digest else { return (exchange, .unstated) }
                return (exchange, stated == digest ? .agrees : .differs)
            }
        }

        /// Whether anything was chosen.
        package var isEmpty: Bool {
            rows.isEmpty
        }

        /// The whole text, ended by a line feed.
        package var text: String {
            var lines = heading + [""]
            let width = min(60, rows.map { $0.exchange.question.count }.max() ?? 0)
            for (exchange, digest) in rows {
                lines.append(line(exchange, digest: digest, width: width))
                if choice.showsBodies { lines += exchange.bodyLines.map { "        \($0)" } + [""] }
            }
            if lines.last != "" { lines.append("") }
            return (lines + summary).joined(separator: "\n") + "\n"
        }

        private var heading: [String] {
            let manifest = recording.manifest
            var facts = ["created \(manifest.created.instant) by \(manifest.tool.printable(limit: 100))"]
            if let account = manifest.account { facts.insert("account \(account.printable(limit: 20))", at: 0) }
            if let clock = manifest.clock { facts.append("clock \(clock.instant)") }
            return [name.printable(), facts.joined(separator: ", ")]
                + (manifest.description.map { [$0.printable()] } ?? [])
        }

        private func line(_ exchange: Exchange, digest: DigestCheck, width: Int) -> String {
            let question = exchange.question
            var parts = [
                "\(exchange.sequence)".leftPadded(to: 6),
                exchange.started.recorded,
                question + String(repeating: " ", count: max(0, width - question.count)),
                exchange.reply,
            ]
            if let response = exchange.response { parts.append("\(response.body.count) B") }
            parts.append("\(exchange.milliseconds.shortDigits) ms")
            if exchange.attempt > 1 { parts.append("attempt \(exchange.attempt)") }
            if digest == .differs { parts.append("THE BODY DIFFERS FROM ITS _sha256") }
            return parts.joined(separator: "  ")
        }
    }
}

extension Exchange {
    /// `ListAccessKeys UserName=ci-deploy`
    var question: String {
        (RequestKey(formBody: request.body)?.description ?? operation).printable()
    }

    /// `200`, `400 Throttling`, `no answer (connection reset)`
    var reply: String {
        switch outcome {
        case .noAnswer(let reason): "no answer (\(reason.printable(limit: 100)))"
        case .answer(let response):
            ["\(response.status)", response.errorCode].compactMap(\.self).joined(separator: " ")
        }
    }
}

extension Exchange.Response {
    /// AWS's code of an error, such as `NoSuchEntity`.
    var errorCode: String? {
        guard !isSuccess, let text = String(validating: body, as: UTF8.self),
            let document = XMLDocument(text)
        else { return nil }
        var code: String?
        document.forEachLeaf { path, text in
            if path.last == "Code", path.dropLast().last == "Error", code == nil { code = text.printable(limit: 60) }
        }
        return code
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}

extension Double {
    /// Without a fraction where there is none, otherwise with one digit of it.
    var shortDigits: String {
        guard isFinite, abs(self) < 1e12 else { return "?" }
        let tenths = Int64((self * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
    }
}
