import AWSClient
import ArgumentParser
import Collector
import Evidence
import FoundationEssentials

/// `keywitness doctor`
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find out whether a scan would work, and what is missing if not.",
        discussion: """
            Resolves credentials, reaches AWS, compares clocks, tries each permission that a scan needs with the \
            smallest call there is, and says whether the role can do more than read. It changes nothing. What a scan \
            needs depends on its options: give those that 'keywitness collect' will have.

            Examples:
              keywitness doctor --profile audit
              keywitness doctor --include all
              keywitness doctor --policy policy.yaml --exceptions exceptions.yaml
              keywitness doctor --source report --without-key-ids

            Exit codes:
              0   all that a scan needs and could be tried is granted; warnings name what could not be, and what a scan \
            does better with
              1   could not run: credentials, network
              4   a scan would be incomplete: a permission is missing
              64  wrong usage
            """
    )

    @OptionGroup(title: "AWS options") var aws: AWSOptions
    @OptionGroup(title: "The scan that is to be made") var scan: ScanOptions

    @Flag(name: .customLong("no-color"), help: "Use no color. NO_COLOR does the same.")
    var noColor = false

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let console = Console(quiet: false, noColor: noColor, environment: environment)
        let plan = try scan.plan()
        let diagnosis = try await AWSSession.with(
            aws, connections: 1, environment: environment, console: console
        ) { session, provider in
            try console.write(
                row("Credentials", "\(provider.current.accessKeyID), \(provider.current.method.rawValue)")
                    + row("From", provider.current.origin))
            let run = DiagnosisRun(
                transport: session.transport, now: { Date() }, plan: plan
            ) { session.client(provider, transport: $0, isPatient: false) }
            let diagnosis = try await run.diagnose(with: provider.current.accessKeyID)
            try sayWhoAndWhere(diagnosis, session.endpoints, console)
            if let error = diagnosis.unanswered { throw error }
            return diagnosis
        }
        try say(diagnosis, plan, console)
        if !diagnosis.isSufficient { throw ExitStatus.incomplete.exitCode }
    }

    private func row(_ name: String, _ value: String) -> String {
        name + String(repeating: " ", count: max(1, 14 - name.count)) + value.escapedForTerminal + "\n"
    }

    private func sayWhoAndWhere(_ diagnosis: Diagnosis, _ endpoints: Endpoints, _ console: Console) throws {
        var text = row("Identity", diagnosis.identity.arn) + row("Account", diagnosis.identity.account)
        for service in [AWSService.sts, .iam] {
            let latency = diagnosis.latencies[service].map { "\(Int($0 / .milliseconds(1))) ms" } ?? "not reached"
            text += row(service.rawValue.uppercased(), "\(endpoints[service].url), \(latency)")
        }
        try console.write(text + row("Clock", clock(diagnosis.clockSkew)) + "\n")
    }

    private func say(_ diagnosis: Diagnosis, _ plan: CollectionPlan, _ console: Console) throws {
        let width = diagnosis.permissions.map(\.permission.action.count).max() ?? 0
        func line(_ action: String, _ needed: String, _ result: String) -> String {
            action + String(repeating: " ", count: width + 2 - action.count) + needed
                + String(repeating: " ", count: 8 - needed.count) + result.escapedForTerminal + "\n"
        }
        var text = line("PERMISSION", "NEEDED", "RESULT")
        for finding in diagnosis.permissions {
            text += line(finding.permission.action, need(finding), result(finding))
        }
        try console.write(text + "\n")
        switch diagnosis.privilege {
        case .root:
            console.warn(
                "these are credentials of the root user, who can do everything. Use a role with the policy below.")
        case .writes(let actions):
            console.warn(
                "these credentials can do more than read: \(actions.joined(separator: ", ")). "
                    + "A scan needs the policy below and nothing more.")
        case .readsOnly:
            try console.write("None of the changes that were asked about is allowed to these credentials.\n\n")
        case .unknown(let reason):
            try console.write("Whether they can do more than read isn't known: \(reason).\n\n".escapedKeepingLines)
        }
        try console.write("The policy that a scan needs:\n\n" + Permission.needed(for: plan).policyDocument)
        if diagnosis.isRefusedAsSession { return console.warn(Failure.userSession) }
        if diagnosis.isSufficient, !diagnosis.untried.isEmpty {
            console.warn(
                "whether \(diagnosis.untried.named) granted isn't known, as it couldn't be tried. A scan that needs it and "
                    + "may not ends with exit code 4.")
        }
        let ofRoot = diagnosis.missed.filter(Diagnosis.rootSources.joined().contains)
        let others = diagnosis.hidesRoot ? diagnosis.missed.filter { !ofRoot.contains($0) } : diagnosis.missed
        if !others.isEmpty {
            console.warn(
                "\(others.named) denied or failed: a scan makes do without, with more calls or fewer facts, and says what it "
                    + "couldn't read.")
        }
        if diagnosis.hidesRoot {
            let ways = Diagnosis.rootSources.map { $0.map(\.action).joined(separator: " and ") }.joined(
                separator: ", or ")
            console.warn(
                "\(ofRoot.named) denied or failed: a scan can do without one of account summary and credential report, but not "
                    + "without both, for they tell whether the root user has access keys. Grant \(ways).")
        }
        if !diagnosis.isSufficient {
            let lacking = diagnosis.lacking.map(\.action).joined(separator: ", ")
            let missing =
                (lacking.isEmpty ? [] : ["without \(lacking)"])
                + (diagnosis.hidesRoot ? ["without iam:GetAccountSummary or the credential report"] : [])
            console.warn("a scan would be incomplete (exit code 4) \(missing.joined(separator: ", and ")).")
        }
    }

    private func need(_ finding: Diagnosis.Finding) -> String {
        switch finding.demand {
        case .required: "yes"
        case .wanted: "wanted"
        case .none: "no"
        }
    }

    private func clock(_ skew: Int?) -> String {
        guard let skew else { return "AWS's answers tell no time" }
        if abs(skew) <= 2 { return "agrees with AWS's" }
        let amount = abs(skew) < 120 ? "\(abs(skew)) s" : "\(abs(skew) / 3600) h \(abs(skew) / 60 % 60) min"
        let difference = "\(amount) \(skew > 0 ? "behind" : "ahead of") AWS's"
        return abs(skew) < 240
            ? "\(difference), which does no harm yet"
            : "\(difference); AWS refuses requests beyond 15 min. Set the clock."
    }

    private func result(_ finding: Diagnosis.Finding) -> String {
        switch finding.result {
        case .granted: "granted"
        case .denied(let message): "denied: \(message)"
        case .untried(let reason): finding.demand == .none ? reason : "not tried: \(reason)"
        case .keyRefused(let message): "failed: \(UserSession.refusal): \(message)"
        case .failed(let reason): "failed: \(reason)"
        }
    }
}

extension [Permission] {
    /// `iam:ListUsers is`, or `iam:ListUsers, iam:ListAccessKeys are`.
    fileprivate var named: String {
        map(\.action).joined(separator: ", ") + (count == 1 ? " is" : " are")
    }
}
