import FoundationEssentials
package import Recording

extension MockIAM {
    /// What could be taken over from a HAR document, and what couldn't.
    package struct HARImport: Sendable {
        /// Without secrets, whoever wrote the document.
        package var recording: RecordedExchanges
        /// How many entries were left out, and why.
        package var leftOut: [Reason: Int]

        /// Why an entry of a HAR document is no exchange of a recording.
        package enum Reason: String, CaseIterable, Sendable {
            case unreadable = "not a HAR entry"
            case otherTraffic = "no request to IAM, STS or Organizations"
            case withoutBody = "the answer's body isn't in the file"
        }

        /// Reads a document of a browser, mitmproxy, Playwright or our own.
        ///
        /// - Throws: ``Recording/RecordingError`` where it is no HAR document, or has nothing to take over.
        package init(_ bytes: [UInt8]) throws {
            let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
            let json = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
            guard let file = try? JSONDecoder().decode(HARFile.self, from: Data(json)) else {
                throw RecordingError("not a HAR document: no JSON object with log.entries")
            }
            var leftOut: [Reason: Int] = [:]
            var exchanges: [Exchange] = []
            var digests: [String?] = []
            for entry in file.log.entries {
                do throws(Skipped) {
                    guard let entry = entry.value else { throw Skipped(reason: .unreadable) }
                    let whole = try entry.exchange()
                    let clean = Scrubber().scrub(whole)
                    exchanges.append(clean)
                    digests.append(clean.response?.body == whole.response?.body ? entry._sha256 : nil)
                } catch {
                    leftOut[error.reason, default: 0] += 1
                }
            }
            guard let first = exchanges.first else {
                throw RecordingError(
                    "none of the \(file.log.entries.count) entries is a request to IAM, STS or Organizations with its "
                        + "answer; was the HAR file saved with content?")
            }
            Self.number(&exchanges)
            Self.complete(&exchanges)
            let manifest = try file.log._recording.map(RecordingManifest.init(har:))
            let accounts = Set(exchanges.compactMap(\.account))
            recording = RecordedExchanges(
                manifest: manifest
                    ?? RecordingManifest(
                        created: first.started, account: accounts.count == 1 ? accounts.first : nil,
                        tool: file.log.creator.tool),
                exchanges: exchanges, statedDigests: digests)
            self.leftOut = leftOut
        }

        /// Numbers that were there stay where they are in order.
        private static func number(_ exchanges: inout [Exchange]) {
            let given = exchanges.map(\.sequence)
            let isInOrder = given.allSatisfy { $0 > 0 } && zip(given, given.dropFirst()).allSatisfy { $0 < $1 }
            if isInOrder { return }
            for index in exchanges.indices { exchanges[index].sequence = index + 1 }
        }

        /// The account that one answer names is that of the answers that name none.
        private static func complete(_ exchanges: inout [Exchange]) {
            let accounts = Set(exchanges.compactMap(\.account))
            guard accounts.count == 1, let account = accounts.first else { return }
            for index in exchanges.indices { exchanges[index].account = account }
        }

        struct Skipped: Error {
            var reason: Reason
        }
    }
}

extension Optional<HARFile.Creator> {
    fileprivate var tool: String {
        let parts = [self?.name, self?.version].compactMap(\.self).filter { !$0.isEmpty }
        return parts.isEmpty ? "unknown" : parts.joined(separator: " ").printable(limit: 100)
    }
}

extension RecordingManifest {
    fileprivate init(har manifest: HARFile.Manifest) throws {
        guard manifest.formatVersion == Self.formatVersion else {
            throw RecordingError("log._recording is of format version \(manifest.formatVersion), which is unknown")
        }
        let clock = try manifest.clock.map { text in
            guard let clock = Date(har: text) else { throw RecordingError("log._recording.clock is no instant") }
            return clock
        }
        guard let created = Date(har: manifest.created) else {
            throw RecordingError("log._recording.created is no instant")
        }
        self.init(
            created: created, account: manifest.account, tool: manifest.tool, clock: clock,
            description: manifest.description)
    }
}
