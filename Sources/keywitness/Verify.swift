import ArgumentParser
import CanonicalJSON
import Collector
import Evidence
import FoundationEssentials
import PlainText

/// `keywitness verify`
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Check a bundle: its files, its digests, its recording, and that its documents follow from its facts.",
        discussion: """
            Without AWS, and without trusting who made the bundle:
              files       plain files of a bundle, and nothing else
              checksums   each file is what SHA256SUMS has
              signature   SHA256SUMS is signed, with --allowed-signers by somebody in the list
              timestamp   an authority says that it saw SHA256SUMS; whether it really says so, `openssl ts -verify` tells
              schemas     each JSON document is as its schema says, and no name stands in it twice
              content     report, policy, exceptions and crosswalk can be read, and built-in names mean what is built in
              recording   of the report's account, instant, version and clock, numbered without a gap, each answer with its \
            digest
              references  each fact points at a recorded exchange of the operation that it names, about its user or key
              oscal       what the OSCAL documents refer to is there, and they conclude what the report does
              counts      report, keys.csv, OSCAL and recording have the same users and keys, at the same levels
              documents   the facts judged again by the policy and the exceptions: report, tables, OSCAL and manifest come \
            out byte for byte the same
              recomputed  with --recompute: the whole collection done once more, with the recorded answers in the place of \
            AWS, comes to the same documents; of a run that was stopped, as far as it came.
              chain       with --chain: of the bundles, and all that lie beside them, none is missing, replaced or put in \
            between; with --allowed-signers, somebody in the list signed each, or one after it

            What no check can tell: whether somebody who could sign made the whole bundle anew, recording and all, and \
            whether the newest runs are missing. That takes a digest of SHA256SUMS kept elsewhere.

            Examples:
              keywitness verify keywitness-evidence/111122223333/20261122T204500Z
              keywitness verify --recompute keywitness-evidence/*/*
              keywitness verify --chain --allowed-signers allowed_signers \\
                keywitness-evidence/111122223333/20261122T204500Z
              keywitness verify --format json keywitness-evidence/*/* | jq .sound

            Exit codes:
              0   every check of every bundle passed
              1   standard output can't be written
              5   one failed, or could not be done, or there is no bundle
              64  wrong usage
            """
    )

    @Argument(help: ArgumentHelp("The folder of a bundle.", valueName: "bundle"))
    var bundles: [String]

    @Flag(help: "Collect and judge once more, from the recorded answers.")
    var recompute = false

    @Option(
        name: .customLong("allowed-signers"),
        help: ArgumentHelp(
            "Who may sign, by which key: a file as ssh-keygen -Y verify takes it. A bundle that isn't signed fails, and a chain whose newest run isn't.",
            valueName: "file"))
    var allowedSigners: String?

    @Flag(help: "Check that the runs follow one another.")
    var chain = false

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "How to say it: a line a check, or JSON for working papers and platforms.")
    var format = Format.text

    @Flag(help: "Print only what is wrong; JSON is printed whole.")
    var quiet = false

    @Flag(name: .customLong("no-color"), help: "Use no color. NO_COLOR does the same.")
    var noColor = false

    func run() async throws {
        let console = Console(quiet: quiet, noColor: noColor, environment: ProcessInfo.processInfo.environment)
        let signers = try readAllowedSigners(console)
        var document = VerificationDocument(recomputes: recompute)
        for bundle in bundles {
            let verification = await BundleVerification(
                folder: bundle, .init(recomputes: recompute, allowedSigners: signers))
            document.bundles.append((bundle, verification))
            // One after the other: each may take a while.
            if format == .text { try show(verification, of: bundle, console) }
        }
        if chain {
            let verification = ChainVerification(bundles: bundles, allowedSigners: signers)
            document.chains = verification.checks
            if format == .text { try show(verification, console) }
        }
        switch format {
        case .json: try console.write(String(decoding: CanonicalJSON.document(document), as: UTF8.self))
        case .text:
            // Of what isn't sound nobody need know more.
            guard !quiet, !notDone.isEmpty, document.bundles.contains(where: \.verification.isSound) else { break }
            try console.write("Not done: \(notDone.joined(separator: ", ")).\n")
        }
        if !document.isSound { throw ExitStatus.contradiction.exitCode }
    }

    private func show(_ verification: BundleVerification, of bundle: String, _ console: Console) throws {
        let table = VerificationTable(verification.checks, of: bundle, style: console.style, quiet: quiet)
        guard !quiet || !table.isSound else { return }
        let unsound = verification.isBundle ? "NOT sound: don't rely on this bundle." : "Nothing was verified."
        try console.write(table.text(table.isSound ? "Every check that was asked for passed." : unsound))
    }

    private func show(_ verification: ChainVerification, _ console: Console) throws {
        for chain in verification.checks {
            let subject = chain.account.map { "Runs of account \($0)" } ?? "Runs"
            let table = VerificationTable([chain.check], of: subject, style: console.style, quiet: quiet)
            guard !quiet || !table.isSound else { continue }
            let broken = verification.foundBundle ? "The chain is BROKEN." : "No chain was followed."
            try console.write(
                table.text(
                    table.isSound ? "The chain is whole." : broken, covered: quiet ? [] : Self.coverage(of: chain)))
        }
    }

    /// What a bundle can be checked for and wasn't.
    private var notDone: [String] {
        (recompute ? [] : ["the collection once more from the recorded answers (--recompute)"])
            + (chain ? [] : ["the chain of runs (--chain)"])
    }

    /// What a period was covered by: a line a run, and the longest time between two.
    private static func coverage(of chain: ChainVerification.Chain) -> [String] {
        guard !chain.runs.isEmpty else { return [] }
        let rows =
            [["RUN", "AS OF", "COLLECTED", "READ", "STATUS", "SIGNED BY"]]
            + chain.runs.map { run in
                [
                    "\(run.sequence)", run.asOf.iso8601, run.ended.iso8601, run.isComplete ? "complete" : "INCOMPLETE",
                    run.overallStatus, run.signature.signer ?? "nobody",
                ]
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).enumerated().map { place, cell in
                place == row.count - 1 ? cell.0 : cell.0 + String(repeating: " ", count: cell.1 - cell.0.count)
            }.joined(separator: "  ")
        }
        let gap = chain.longestGap.map { gap in
            "Longest time without a collection: \(Self.words(for: gap.to.timeIntervalSince(gap.from))), from "
                + "\(gap.from.iso8601) to \(gap.to.iso8601)"
        }
        return lines + (gap.map { [$0] } ?? [])
    }

    /// In days and hours, or hours and minutes.
    static func words(for seconds: Double) -> String {
        let minutes = Int(seconds) / 60
        let (days, hours) = (minutes / 1440, minutes / 60 % 24)
        return days > 0 ? "\(days) d \(hours) h" : "\(hours) h \(minutes % 60) min"
    }

    /// A mistake in the list is wrong usage: nothing was looked at yet.
    private func readAllowedSigners(_ console: Console) throws -> AllowedSigners? {
        guard let allowedSigners else { return nil }
        do throws(SigningError) {
            let signers = try AllowedSigners(path: allowedSigners)
            for line in signers.unusable { console.warn("\(allowedSigners), \(line)") }
            return signers
        } catch {
            throw MistakeInFile("\("\(error)".withoutStop).".escapedForTerminal)
        }
    }
}

/// What was checked, a line each.
private struct VerificationTable {
    private static let mostFlaws = 20

    let checks: [VerificationCheck]
    let subject: String
    let style: TerminalStyle
    let quiet: Bool

    init(_ checks: [VerificationCheck], of subject: String, style: TerminalStyle, quiet: Bool) {
        self.checks = checks
        self.subject = subject
        self.style = style
        self.quiet = quiet
    }

    var isSound: Bool { checks.allSatisfy(\.isSound) }

    /// - Parameters:
    ///   - verdict: what it all comes to.
    ///   - covered: lines that stand before it.
    func text(_ verdict: String, covered: [String] = []) -> String {
        var lines = [subject.escapedForTerminal]
        for check in checks {
            switch check.result {
            case .passed(let what):
                if !quiet { lines.append(row(check.name, .good, "ok", what)) }
            case .noted(let what):
                if !quiet { lines.append(row(check.name, .low, "note", what)) }
            case .notDone(let why): lines.append(row(check.name, .undetermined, "not done", why))
            case .failed(let flaws):
                for (place, flaw) in flaws.prefix(Self.mostFlaws).enumerated() {
                    lines.append(row(place == 0 ? check.name : "", .critical, place == 0 ? "FAILED" : "", flaw))
                }
                if flaws.count > Self.mostFlaws {
                    lines.append(row("", .critical, "", "and \(flaws.count - Self.mostFlaws) more"))
                }
            }
            if !quiet { lines += check.notes.map { row("", .low, "note", $0) } }
        }
        lines += (covered + [verdict]).map { "  \($0)".escapedForTerminal }
        return lines.joined(separator: "\n") + "\n"
    }

    private func row(_ name: String, _ tone: TerminalStyle.Tone, _ word: String, _ what: String) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        return "  \(padded(name, 12))\(style.toned(padded(word, 10), tone))\(what.escapedForTerminal)"
    }
}
