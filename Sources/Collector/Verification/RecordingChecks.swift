import AWSClient
import Evidence
import FoundationEssentials
import Recording

/// The recorded answers of AWS as a bundle has them.
struct RecordingChecks {
    let recording: RecordedExchanges
    /// The file that it was read from.
    let bytes: [UInt8]
    let report: ReportReading

    /// How long before its first call and after its last one a run may go on: to fetch credentials again, or to wait for
    /// AWS's report in vain.
    private static let margin: TimeInterval = 15 * 60
    /// How long an answer may wait before it is looked at.
    fileprivate static let pause: TimeInterval = 60

    /// Whether it is whole, of this account, and each answer what its own digest says.
    var recordingCheck: VerificationCheck {
        let account = report.snapshot.account.id
        var flaws: [String] = []
        if recording.manifest.account != account {
            flaws.append("it is of account \(recording.manifest.account ?? "unknown"), not \(account)")
        }
        if recording.manifest.clock.map({ $0.iso8601 }) != report.asOf.iso8601 {
            flaws.append("it was made for another instant than the report's, \(report.asOf.iso8601)")
        }
        for (place, exchange) in recording.exchanges.enumerated() {
            if exchange.sequence != place + 1 {
                flaws.append("exchange \(place + 1) is numbered \(exchange.sequence)")
            }
            if RequestKey(formBody: exchange.request.body)?.action != exchange.operation {
                flaws.append("exchange \(exchange.sequence) doesn't ask for \(exchange.operation)")
            }
            if let other = exchange.account, other != account {
                flaws.append("exchange \(exchange.sequence) is of account \(other)")
            }
            let stated = place < recording.statedDigests.count ? recording.statedDigests[place] : nil
            if let response = exchange.response, stated != response.digest {
                flaws.append("exchange \(exchange.sequence): the answer isn't what its _sha256 says")
            }
        }
        flaws += toolFlaws + windowFlaws + clockFlaws + formFlaws
        return VerificationCheck(
            "recording", flaws: flaws, notes: originNotes,
            else: "\(counted(recording.exchanges.count, "exchange")), each answer with its digest")
    }

    /// Who was asked, where that isn't AWS: an emulator, or somebody in between.
    private var originNotes: [String] {
        // Of few places, each asked thousands of times.
        let places = Set(recording.exchanges.map(\.request.url))
        let others = Set(
            places.compactMap { place -> String? in
                guard let url = EndpointURL(place) else { return place }
                return url.isOfAWS ? nil : url.origin
            })
        let renamed = recording.exchanges.first { exchange in
            let name = exchange.request.headers.first { $0.name.lowercased() == "host" }?.value
            return name != nil && EndpointURL(exchange.request.url)?.authority != name
        }
        return others.sorted().map { "asked of \($0), which is no endpoint of AWS's that all can reach" }
            + (renamed.map { ["exchange \($0.sequence) was asked by another name than its URL has"] } ?? [])
    }

    /// Whether it was begun by the program that made the report, and when that says that the run was.
    private var toolFlaws: [String] {
        let manifest = recording.manifest
        var flaws: [String] = []
        let tool = "\(KeyWitnessTool.name) \(report.toolVersion)"
        if manifest.tool != tool { flaws.append("it was made by \(manifest.tool), not \(tool)") }
        let window = report.snapshot.window
        // It is told in whole seconds.
        if manifest.created < window.started - 1 || manifest.created > window.ended + 1 {
            flaws.append(
                "it was begun at \(manifest.created.iso8601), and the report says that the run was from "
                    + "\(window.started.iso8601) to \(window.ended.iso8601)")
        }
        return flaws
    }

    /// Whether AWS's clock was as far from the collector's as the report says, and ages are counted by the clock that it
    /// names.
    private var clockFlaws: [String] {
        var flaws: [String] = []
        let skew = report.snapshot.traffic.clockSkew
        if let skew, !recording.exchanges.contains(where: { $0.tells(of: skew) }) {
            flaws.append("no recorded answer tells of a clock that is \(skew) s off")
        }
        if skew == nil, let first = recording.exchanges.first(where: { $0.response?.isSuccess == true }),
            let ahead = first.clockAhead, abs(ahead) > CollectionClock.mostSkew + Self.pause
        {
            flaws.append(
                "by exchange \(first.sequence) AWS's clock was \(Int(ahead)) s ahead of the collector's, and the report says "
                    + "nothing of it")
        }
        let began = recording.manifest.created
        let isRight =
            switch report.asOfSource {
            case .option: true
            // Of runs that begin in one second each but the first is as of a later one.
            case .clock:
                (0...Double(CollectRun.mostRunsAtOnce)).contains(
                    report.asOf.timeIntervalSince(began.inWholeSeconds))
            // By its first answer, and not at the end.
            case .awsClock:
                skew.map { abs((began + Double($0)).timeIntervalSince(report.asOf)) <= Self.margin } ?? false
            }
        if !isRight {
            flaws.append(
                "the report says that ages are counted at \(report.asOf.iso8601) by "
                    + "\(report.asOfSource == .awsClock ? "AWS's" : "the collector's") clock, and that the run began at "
                    + "\(began.iso8601)\(skew.map { ", \($0) s off" } ?? "")")
        }
        return flaws
    }

    /// Whether the calls were made when the report says that the run was.
    private var windowFlaws: [String] {
        let calls = recording.exchanges
        guard let first = calls.map(\.started).min(),
            let last = calls.map({ $0.started + $0.milliseconds / 1000 }).max()
        else { return [] }
        let window = report.snapshot.window
        var flaws: [String] = []
        // It is told in whole seconds.
        if !(window.started - 1...window.started + Self.margin).contains(first) {
            flaws.append(
                "the report says that the run began at \(window.started.iso8601), and the first call is of "
                    + first.iso8601)
        }
        if !(last - 1...last + Self.margin).contains(window.ended) {
            flaws.append(
                "the report says that the run ended at \(window.ended.iso8601), and the last call at \(last.iso8601)")
        }
        return flaws
    }

    /// Whether it is written as this program writes what it read. A name that stands twice is one thing to one reader and
    /// another to the next, and what nothing is read from may say anything.
    private var formFlaws: [String] {
        var place = 0
        func takes(_ line: [UInt8]) -> Bool {
            guard bytes[place...].starts(with: line) else { return false }
            place += line.count
            return true
        }
        guard takes(RecordingWriter.line(recording.manifest)) else {
            return ["its first line isn't written as recordings are"]
        }
        if let other = recording.exchanges.first(where: { !takes(RecordingWriter.line($0)) }) {
            return ["exchange \(other.sequence) isn't written as recordings are"]
        }
        return place == bytes.count ? [] : ["something follows its last exchange"]
    }

    /// Whether each fact points at an exchange of the operation that it names, about the user or key that has it.
    var referenceCheck: VerificationCheck {
        let references = report.snapshot.references
        let known = Dictionary(recording.exchanges.map { ($0.sequence, $0) }) { first, _ in first }
        let wrong = Set(
            references.compactMap { reference -> String? in
                guard let exchange = known[reference.exchange] else {
                    return "\(reference.subject): there is no exchange \(reference.exchange)"
                }
                guard reference.operation == exchange.operation else {
                    return "\(reference.subject): exchange \(reference.exchange) is \(exchange.operation), not "
                        + reference.operation
                }
                guard let about = reference.about else { return nil }
                let parameters = RequestKey(formBody: exchange.request.body)?.parameters ?? []
                return parameters.contains(about)
                    ? nil
                    : "\(reference.subject): exchange \(reference.exchange) isn't about \(about.name) \(about.value)"
            })
        return VerificationCheck(
            "references", flaws: wrong.sorted(),
            else:
                "\(references.count) facts and failures point at exchanges of their operation, about their user or key")
    }
}

extension Exchange {
    /// Whether the answer shows that AWS's clock is ahead of the collector's by so many seconds.
    fileprivate func tells(of skew: Int) -> Bool {
        guard let answered else { return false }
        // The answer may have taken a while.
        return abs(answered.timeIntervalSince(started) - Double(skew)) <= RecordingChecks.pause + milliseconds / 1000
    }

    /// By how many seconds AWS's clock was ahead of the collector's when the answer was there.
    fileprivate var clockAhead: TimeInterval? {
        answered.map { $0.timeIntervalSince(started) - milliseconds / 1000 }
    }

    /// When it was answered, by AWS's clock.
    private var answered: Date? { response?.header("date").flatMap { Date(httpDate: $0) } }
}
