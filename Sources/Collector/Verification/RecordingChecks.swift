import Evidence
import FoundationEssentials
import Recording

/// The recorded answers of AWS as a bundle has them.
struct RecordingChecks {
    let recording: RecordedExchanges
    let report: ReportReading

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
            if let other = exchange.account, other != account {
                flaws.append("exchange \(exchange.sequence) is of account \(other)")
            }
            let stated = place < recording.statedDigests.count ? recording.statedDigests[place] : nil
            if let response = exchange.response, stated != response.digest {
                flaws.append("exchange \(exchange.sequence): the answer isn't what its _sha256 says")
            }
        }
        return VerificationCheck(
            "recording", flaws: flaws, else: "\(recording.exchanges.count) exchanges, each answer with its digest")
    }

    /// Whether each fact points at an exchange of the operation that it names.
    var referenceCheck: VerificationCheck {
        let references = report.snapshot.references
        let known = Dictionary(recording.exchanges.map { ($0.sequence, $0.operation) }) { first, _ in first }
        let wrong = Set(
            references.compactMap { reference -> String? in
                guard let operation = known[reference.exchange] else {
                    return "\(reference.subject): there is no exchange \(reference.exchange)"
                }
                return reference.operation == operation
                    ? nil
                    : "\(reference.subject): exchange \(reference.exchange) is \(operation), not \(reference.operation)"
            })
        return VerificationCheck(
            "references", flaws: wrong.sorted(),
            else: "\(references.count) facts and failures point at exchanges of their operation")
    }
}
