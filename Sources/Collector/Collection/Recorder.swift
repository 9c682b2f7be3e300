package import AWSClient
import CanonicalJSON
import Digests
package import Evidence
import FoundationEssentials
package import Recording
import SystemPackage

/// Writes exchanges to the recording of a run as they end, so that memory doesn't grow with them.
///
/// Exchanges that end before the account is known wait in memory until ``open(at:manifest:)``.
package actor Recorder {
    private let scrubber = Scrubber()
    private var waiting: [Exchange] = []
    private var file: FileBeingWritten?
    private var output: OutputBuffer?
    private var account: String?
    private var count = 0
    /// From when the first request was sent to when the last answer was there; nil where there were none. A clock that is
    /// set back meanwhile makes a later request an earlier one.
    private(set) var span: ClosedRange<Date>?
    private let meter: TrafficMeter

    /// - Parameter meter: counts the exchanges.
    init(meter: TrafficMeter) {
        self.meter = meter
    }

    /// Begins the file with its manifest, and writes what has waited.
    func open(at path: FilePath, manifest: RecordingManifest) throws {
        account = manifest.account
        let file = try FileBeingWritten(creating: path)
        var output = OutputBuffer { file.append($0) }
        RecordingWriter.write(manifest, to: &output)
        self.file = file
        self.output = consume output
        for exchange in waiting { write(exchange) }
        waiting = []
    }

    /// Keeps an exchange, without its secrets, under the next sequence number, and gives that number.
    ///
    /// - Throws: where the recording can't be written any more: without it there is no bundle, and nothing more need be asked.
    ///   Why is for ``finish()`` to say.
    package func record(_ exchange: Exchange) throws(TransportError) -> Int {
        count += 1
        var clean = scrubber.scrub(exchange)
        clean.sequence = count
        meter.noteRequest(clean.operation, attempt: clean.attempt)
        let ended = clean.started + clean.milliseconds / 1000
        span = min(span?.lowerBound ?? clean.started, clean.started)...max(span?.upperBound ?? ended, ended)
        if account == nil { waiting.append(clean) } else { write(clean) }
        if file?.hasFailed == true { throw TransportError(.cancelled, reason: "the recording can't be written") }
        return count
    }

    /// Ends the recording and describes the file. Nothing may be recorded afterwards.
    package func finish() throws -> BundleFile {
        guard let file, var output = output.take() else { throw RecordingError("the recording was never begun") }
        output.finish()
        let (size, digest) = try file.finish()
        return BundleFile(.recording, size: size, sha256: digest.hexadecimal)
    }

    private func write(_ exchange: Exchange) {
        guard var output = output.take() else { return }
        var exchange = exchange
        exchange.account = account
        RecordingWriter.write(exchange, to: &output)
        self.output = consume output
    }
}
