import FoundationEssentials
package import Recording

extension MockIAM {
    /// What could be taken over from a HAR document, and what couldn't.
    package struct HARImport: Sendable {
        /// Without secrets, whoever wrote the document.
        package var recording: RecordedExchanges
        /// The entries that were left out, in their order.
        package var leftOut: [LeftOut]
        /// The numbers of the exchanges whose bodies were taken out, because those hold secrets or could.
        package var bodiless: Set<Int>

        /// Why an entry of a HAR document is no exchange of a recording.
        package enum Reason: Hashable, Sendable {
            /// With what isn't as it should be in it: `request.url is missing`.
            case unreadable(String)
            case otherTraffic
            case withoutBody
        }

        package struct LeftOut: Equatable, Sendable {
            /// The entry's place in the document, counted from 1.
            package var number: Int
            package var reason: Reason

            package init(number: Int, reason: Reason) {
                self.number = number
                self.reason = reason
            }
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
            var leftOut: [LeftOut] = []
            var exchanges: [Exchange] = []
            var digests: [String?] = []
            var losesBodies: [Bool] = []
            for (place, entry) in file.log.entries.enumerated() {
                do throws(Skipped) {
                    let entry = try entry.get()
                    let whole = try entry.exchange()
                    let clean = Scrubber().scrub(whole)
                    exchanges.append(clean)
                    losesBodies.append(Conversion.losesBodies(whole, as: clean))
                    digests.append(clean.response?.body == whole.response?.body ? entry._sha256 : nil)
                } catch {
                    leftOut.append(LeftOut(number: place + 1, reason: error.reason))
                }
            }
            guard let first = exchanges.first else {
                throw RecordingError(
                    "none of the \(file.log.entries.count) entries is a request to IAM, STS or Organizations with its "
                        + "answer; was the HAR file saved with content?"
                        + leftOut.sentences.map { " Left out: \($0)." }.joined())
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
            bodiless = Set(zip(exchanges, losesBodies).filter(\.1).map(\.0.sequence))
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

extension [MockIAM.HARImport.LeftOut] {
    /// For so many reasons it is told which entries they are of. A file may have one for each of its entries.
    private static var mostReasons: Int { 20 }

    /// For each reason how many there are, and which: `2 entries, not a HAR entry (request.url is missing): 3, 5`.
    package var sentences: [String] {
        var order: [MockIAM.HARImport.Reason] = []
        var numbers: [MockIAM.HARImport.Reason: [Int]] = [:]
        for entry in self {
            if numbers[entry.reason] == nil { order.append(entry.reason) }
            numbers[entry.reason, default: []].append(entry.number)
        }
        func counted(_ count: Int) -> String { "\(count) \(count == 1 ? "entry" : "entries")" }
        let told = order.prefix(Self.mostReasons).map { reason in
            let these = numbers[reason] ?? []
            return "\(counted(these.count)), \(reason.words): \(these.ranges)"
        }
        let rest = order.dropFirst(Self.mostReasons)
        guard !rest.isEmpty else { return told }
        let left = rest.reduce(0) { $0 + (numbers[$1]?.count ?? 0) }
        return told + ["\(counted(left)) more, for \(rest.count) other reasons"]
    }
}

extension MockIAM.HARImport.Reason {
    fileprivate var words: String {
        switch self {
        case .unreadable(let what): "not a HAR entry (\(what.printable(limit: 200)))"
        case .otherTraffic: "no request to IAM, STS or Organizations"
        case .withoutBody: "the answer's body isn't in the file"
        }
    }
}

extension [Int] {
    /// `1, 3-7, 9`, of numbers in ascending order. Of a browser's hundreds the first few: those that come after are the same
    /// page's.
    fileprivate var ranges: String {
        var ranges: [ClosedRange<Int>] = []
        for number in self {
            if let last = ranges.last, last.upperBound == number - 1 {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        let shown = ranges.prefix(20).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
        return shown.joined(separator: ", ") + (ranges.count > shown.count ? " and more" : "")
    }
}

extension IfReadable<HARFile.Entry> {
    fileprivate func get() throws(MockIAM.HARImport.Skipped) -> HARFile.Entry {
        switch self {
        case .readable(let entry): return entry
        case .unreadable(let what): throw .init(reason: .unreadable(what))
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
