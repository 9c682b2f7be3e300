import ArgumentParser
import Collector
import Evidence
import FoundationEssentials

/// `keywitness verify`
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Check a bundle: its files, its digests, its recording, and that its documents follow from its facts.",
        discussion: """
            Without AWS, and without trusting who made the bundle:
              files       plain files of a bundle, and nothing else
              checksums   each file is what SHA256SUMS has
              content     report, policy, exceptions and crosswalk can be read
              recording   of the report's account and instant, numbered without a gap, each answer with its digest
              references  each fact points at a recorded exchange of the operation that it names
              documents   the facts judged again by the policy and the exceptions: report, tables, OSCAL and manifest come \
            out byte for byte the same
              recomputed  with --recompute: the whole collection done once more, with the recorded answers in the place of \
            AWS, comes to the same documents. A run that was cut short can't be done again.

            What no check can tell: whether somebody made the whole bundle anew, recording and all. That takes a digest of \
            SHA256SUMS kept elsewhere.

            Examples:
              keywitness verify keywitness-evidence/111122223333/20261122T204500Z
              keywitness verify --recompute keywitness-evidence/*/*

            Exit codes:
              0   every check of every bundle passed
              5   one failed, or could not be done
              64  wrong usage
            """
    )

    @Argument(help: ArgumentHelp("The folder of a bundle.", valueName: "bundle"))
    var bundles: [String]

    @Flag(help: "Collect and judge once more, from the recorded answers.")
    var recompute = false

    @Flag(help: "Print only what is wrong.")
    var quiet = false

    @Flag(name: .customLong("no-color"), help: "Use no color. NO_COLOR does the same.")
    var noColor = false

    func run() async throws {
        let console = Console(quiet: quiet, noColor: noColor, environment: ProcessInfo.processInfo.environment)
        var isSound = true
        for bundle in bundles {
            let verification = await BundleVerification(folder: bundle, recomputing: recompute)
            isSound = isSound && verification.isSound
            if !quiet || !verification.isSound {
                console.write(VerificationTable(verification, of: bundle, style: console.style, quiet: quiet).text)
            }
        }
        if !isSound { throw ExitStatus.contradiction.exitCode }
    }
}

/// What was checked, a line each.
private struct VerificationTable {
    private static let mostFlaws = 20

    let verification: BundleVerification
    let bundle: String
    let style: TerminalStyle
    let quiet: Bool

    init(_ verification: BundleVerification, of bundle: String, style: TerminalStyle, quiet: Bool) {
        self.verification = verification
        self.bundle = bundle
        self.style = style
        self.quiet = quiet
    }

    var text: String {
        var lines = [bundle.escapedForTerminal]
        for check in verification.checks {
            switch check.result {
            case .passed(let what):
                if !quiet { lines.append(row(check.name, "COMPLIANT", "ok", what)) }
            case .notDone(let why): lines.append(row(check.name, "UNDETERMINED", "not done", why))
            case .failed(let flaws):
                for (place, flaw) in flaws.prefix(Self.mostFlaws).enumerated() {
                    lines.append(row(place == 0 ? check.name : "", "CRITICAL", place == 0 ? "FAILED" : "", flaw))
                }
                if flaws.count > Self.mostFlaws {
                    lines.append(row("", "CRITICAL", "", "and \(flaws.count - Self.mostFlaws) more"))
                }
            }
        }
        let verdict = verification.isSound ? "Every check passed." : "NOT sound: don't rely on this bundle."
        return (lines + ["  \(verdict)"]).joined(separator: "\n") + "\n"
    }

    private func row(_ name: String, _ level: String, _ word: String, _ what: String) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        return "  \(padded(name, 12))\(style.level(level, padded: padded(word, 10)))\(what.escapedForTerminal)"
    }
}
