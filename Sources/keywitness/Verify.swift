import ArgumentParser
import Collector
import Evidence
import FoundationEssentials

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

    @Flag(help: "Print only what is wrong.")
    var quiet = false

    @Flag(name: .customLong("no-color"), help: "Use no color. NO_COLOR does the same.")
    var noColor = false

    func run() async throws {
        let console = Console(quiet: quiet, noColor: noColor, environment: ProcessInfo.processInfo.environment)
        let signers = try readAllowedSigners(console)
        var isSound = true
        func show(
            _ checks: [VerificationCheck], of subject: String, verdict: (sound: String, unsound: String)
        ) throws {
            let table = VerificationTable(checks, of: subject, style: console.style, quiet: quiet)
            isSound = isSound && table.isSound
            if !quiet || !table.isSound { try console.write(table.text(verdict)) }
        }
        for bundle in bundles {
            let verification = await BundleVerification(
                folder: bundle, .init(recomputes: recompute, allowedSigners: signers))
            try show(
                verification.checks, of: bundle,
                verdict: (
                    "Every check passed.",
                    verification.isBundle ? "NOT sound: don't rely on this bundle." : "Nothing was verified."
                ))
        }
        if chain {
            let verification = ChainVerification(bundles: bundles, allowedSigners: signers)
            for found in verification.checks {
                try show(
                    [found.check], of: found.account.map { "Runs of account \($0)" } ?? "Runs",
                    verdict: (
                        "The chain is whole.",
                        verification.foundBundle ? "The chain is BROKEN." : "No chain was followed."
                    ))
            }
        }
        if !isSound { throw ExitStatus.contradiction.exitCode }
    }

    /// A mistake in the list is wrong usage: nothing was looked at yet.
    private func readAllowedSigners(_ console: Console) throws -> AllowedSigners? {
        guard let allowedSigners else { return nil }
        do throws(SigningError) {
            let signers = try AllowedSigners(path: allowedSigners)
            for line in signers.unusable { console.warn("\(allowedSigners), \(line)".escapedForTerminal) }
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

    func text(_ verdict: (sound: String, unsound: String)) -> String {
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
        return (lines + ["  \(isSound ? verdict.sound : verdict.unsound)"]).joined(separator: "\n") + "\n"
    }

    private func row(_ name: String, _ tone: TerminalStyle.Tone, _ word: String, _ what: String) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        return "  \(padded(name, 12))\(style.toned(padded(word, 10), tone))\(what.escapedForTerminal)"
    }
}
