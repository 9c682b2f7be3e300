import Crypto
import Digests
import Evidence
package import FoundationEssentials
import SystemPackage

/// Whether the runs of an account follow one another without one missing, replaced or put in between.
package struct ChainVerification: Sendable {
    /// A check for each account.
    package let checks: [Chain]
    /// Whether a bundle was found at all, even a damaged one.
    package let foundBundle: Bool

    /// The runs of an account.
    package struct Chain: Sendable {
        /// Nil for what isn't a bundle that can be read.
        package let account: String?
        package let check: VerificationCheck
        /// By their numbers.
        package let runs: [ChainRun]

        /// The longest time in which nothing was collected between two runs; nil where there aren't two.
        package var longestGap: (from: Date, to: Date)? {
            let byTime = runs.sorted { ($0.started, $0.ended) < ($1.started, $1.ended) }
            var longest: (from: Date, to: Date)?
            var end: Date?
            for run in byTime {
                if let end,
                    longest.map({ run.started.timeIntervalSince(end) > $0.to.timeIntervalSince($0.from) }) ?? true
                {
                    longest = (end, max(end, run.started))
                }
                end = max(end ?? run.ended, run.ended)
            }
            return longest
        }
    }

    private struct Run {
        /// Where it lies: the same bundle may lie in more than one place.
        var paths: [String]
        var digest: String
        var manifest: ManifestReading
        var signature: SignatureFinding
        var flaws: [(path: String, text: String)] = []
        var notes: [String] = []

        func joined(with other: Run?) -> Run {
            guard let other else { return self }
            var run = self
            run.paths = other.paths + paths
            run.flaws = other.flaws + flaws
            run.notes = other.notes + notes
            // What one of them lacks, the other may have.
            if !signature.isGood { run.signature = other.signature }
            return run
        }
    }

    /// Looks at bundles, and at all that lie in the same folders. Of these the files are compared with their checksums, too;
    /// those named have a verification of their own for that.
    ///
    /// - Parameter allowedSigners: who may sign; where they are given, somebody of them has to vouch for each run.
    package init(bundles: [String], allowedSigners: AllowedSigners? = nil) {
        var runs: [String: [String: Run]] = [:]
        var unreadable: [String] = []
        var foundBundle = false
        for (path, isNamed) in Self.withNeighbours(bundles) {
            do throws(BundleError) {
                let run = try Self.read(path, checksFiles: !isNamed, allowedSigners)
                // One of several copies may have been changed.
                let other = runs[run.manifest.account]?[run.digest]
                runs[run.manifest.account, default: [:]][run.digest] = run.joined(with: other)
            } catch {
                unreadable.append("\(path): \(error.reason)")
                if case .missing = error { continue }
                foundBundle = true
            }
        }
        var checks = runs.sorted { $0.key < $1.key }.map { account, runs in
            Account(runs).chain(of: account, demandsSignatures: allowedSigners != nil)
        }
        if !unreadable.isEmpty {
            checks.append(Chain(account: nil, check: VerificationCheck("chain", .failed(unreadable)), runs: []))
        }
        self.checks = checks
        self.foundBundle = foundBundle || !runs.isEmpty
    }

    private static func withNeighbours(_ bundles: [String]) -> [(path: String, isNamed: Bool)] {
        let named = bundles.map { FilePath(URL(filePath: $0).resolvingSymlinksInPath().standardizedFileURL.path) }
        var seen: Set<String> = []
        var paths = named.map(\.string).filter { seen.insert($0).inserted }.map { (path: $0, isNamed: true) }
        for path in named {
            let folder = path.removingLastComponent()
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
            let neighbours = names.filter(RunChain.isRunName).sorted().map { folder.appending($0).string }
            for path in neighbours where seen.insert(path).inserted { paths.append((path, false)) }
        }
        return paths
    }

    private static func read(
        _ path: String, checksFiles: Bool, _ allowed: AllowedSigners?
    ) throws(BundleError) -> Run {
        let folder = BundleFolder(path: path)
        try folder.checkIsBundle()
        let sums = try folder.read(.checksums)
        let bytes = try folder.read(.manifest)
        let manifest: ManifestReading
        do { manifest = try ManifestReading(bytes) } catch {
            throw .unreadable(path: path, reason: "\(BundleMember.manifest): \(error.plainReason)")
        }
        var run = Run(
            paths: [path], digest: SHA256.hexadecimal(of: sums), manifest: manifest,
            signature: SealChecks(folder: folder, checksums: sums, manifest: manifest, allowed: allowed).finding)
        let stated = Checksums(parsing: String(decoding: sums, as: UTF8.self)).digests[BundleMember.manifest.path]
        if checksFiles {
            let files = try BundleFiles(folder)
            for check in [files.setCheck, files.checksumCheck] {
                if case .failed(let flaws) = check.result { run.flaws += flaws.map { (path, $0) } }
            }
            // Of those named the verification of their own says it.
            if let other = folder.otherName(than: manifest) {
                run.notes.append("what lies in \(other) is run \(manifest.run) of account \(manifest.account)")
            }
        } else if stated != SHA256.hexadecimal(of: bytes) {
            run.flaws.append((path, "its manifest isn't what SHA256SUMS has"))
        }
        return run
    }

    /// The runs of an account, and how they are called.
    private struct Account {
        let byDigest: [String: Run]
        /// By their numbers.
        let runs: [Run]
        private let names: [String: String]

        init(_ byDigest: [String: Run]) {
            self.byDigest = byDigest
            runs = byDigest.values.sorted {
                ($0.manifest.link.sequence, $0.manifest.run, $0.paths[0])
                    < ($1.manifest.link.sequence, $1.manifest.run, $1.paths[0])
            }
            let count = Dictionary(grouping: runs, by: \.manifest.run).mapValues(\.count)
            names = byDigest.mapValues { count[$0.manifest.run] == 1 ? $0.manifest.run : $0.paths[0] }
        }

        /// A run by its manifest's word, as folders can be renamed; by its path where another has the same name.
        func name(_ run: Run) -> String { names[run.digest] ?? run.manifest.run }

        func chain(of account: String, demandsSignatures: Bool) -> Chain {
            var flaws = runs.flatMap { run in
                run.flaws.map { "\(run.paths.count == 1 ? name(run) : $0.path): \($0.text)" }
            }
            flaws += linkFlaws
            if demandsSignatures { flaws += signatureFlaws }
            let notes = runs.flatMap(\.notes) + timeNotes + (demandsSignatures ? [] : signatureNotes)
            return Chain(
                account: account, check: VerificationCheck("chain", flaws: flaws, notes: notes, else: summary),
                runs: runs.map { run in
                    ChainRun(
                        path: run.paths[0], digest: run.digest, manifest: run.manifest, signature: run.signature)
                })
        }

        private var summary: String {
            guard let first = runs.first, let last = runs.last else { return "" }
            let span =
                runs.count == 1 ? "1 run, \(name(last))" : "\(runs.count) runs, from \(name(first)) to \(name(last))"
            return "\(span), whose SHA256SUMS is \(last.digest): that none came after it, only a copy of this digest "
                + "elsewhere shows"
        }

        private var linkFlaws: [String] {
            var flaws: [String] = []
            for (run, next) in zip(runs, runs.dropFirst())
            where run.manifest.link.sequence == next.manifest.link.sequence {
                flaws.append(
                    "\(name(run)) and \(name(next)) are different runs of the same number, \(run.manifest.link.sequence)"
                )
            }
            let bySequence = Dictionary(runs.map { ($0.manifest.link.sequence, $0) }) { first, _ in first }
            for run in runs {
                let link = run.manifest.link
                if !link.unreadableRuns.isEmpty {
                    flaws.append(
                        "\(name(run)): when it was published, \(link.unreadableRuns.joined(separator: ", ")) could not be "
                            + "read")
                }
                guard let previous = link.previous else {
                    if link.sequence != 1 {
                        flaws.append("\(name(run)) has number \(link.sequence), and names no run before it")
                    }
                    continue
                }
                if let named = byDigest[previous.sha256] {
                    if named.manifest.run != previous.run {
                        flaws.append(
                            "\(name(run)) calls the run before it \(previous.run), and it is \(named.manifest.run)")
                    }
                    if named.manifest.link.sequence != link.sequence - 1 {
                        flaws.append(
                            "\(name(run)) has number \(link.sequence), and the run before it "
                                + "\(named.manifest.link.sequence)")
                    }
                } else if let other = bySequence[link.sequence - 1] {
                    flaws.append(
                        "\(name(run)) names another run before it than \(name(other)): that one was changed or replaced, "
                            + "or is of another chain")
                } else {
                    flaws.append(
                        "\(name(run)) has number \(link.sequence), and the run before it, \(previous.run), isn't here")
                }
            }
            return flaws
        }

        /// What is odd about when runs were made, and may have its reasons: an as-of instant of one's own, a clock.
        private var timeNotes: [String] {
            runs.flatMap { run -> [String] in
                guard let before = run.manifest.link.previous.flatMap({ byDigest[$0.sha256] }) else { return [] }
                var notes: [String] = []
                if run.manifest.asOf < before.manifest.asOf {
                    notes.append("\(name(run)) follows \(name(before)), and is judged as of an earlier instant")
                }
                if run.manifest.ended < before.manifest.started {
                    notes.append(
                        "\(name(run)) follows \(name(before)), and was collected before it, until "
                            + run.manifest.ended.iso8601)
                }
                return notes
            }
        }

        // MARK: Signatures

        /// The runs that nobody vouches for who may sign. A signature is one over the run before, too, by its digest, and
        /// over all before that; what comes after the last of them anybody may have put there.
        private var signatureFlaws: [String] {
            var vouchedFor: Set<String> = []
            for run in runs where run.signature.isGood {
                var next: Run? = run
                while let vouched = next, vouchedFor.insert(vouched.digest).inserted {
                    next = vouched.manifest.link.previous.flatMap { byDigest[$0.sha256] }
                }
            }
            return runs.filter { !vouchedFor.contains($0.digest) }.map { run in
                let why =
                    if case .refused(let flaws) = run.signature {
                        "has no signature that counts (\(flaws.joined(separator: "; ")))"
                    } else { "isn't signed" }
                return "\(name(run)) \(why), and no run after it is signed by anybody in the list"
            }
        }

        private var signatureNotes: [String] {
            guard let last = runs.last(where: \.signature.isGood) else { return [] }
            let count = runs.reversed().prefix { !$0.signature.isGood }.count
            guard count > 0 else { return [] }
            return [
                "\(counted(count, "run")) after the last signed one, \(name(last)), \(count == 1 ? "is" : "are") not signed"
            ]
        }
    }
}

extension SignatureFinding {
    /// Whether it is by a key that counts: by any, where nobody said which.
    fileprivate var isGood: Bool {
        switch self {
        case .good, .allowed: true
        case .unsigned, .refused: false
        }
    }
}
