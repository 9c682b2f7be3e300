import Crypto
import Evidence
import FoundationEssentials
import SystemPackage

/// Whether the runs of an account follow one another without one missing, replaced or put in between.
package struct ChainVerification: Sendable {
    /// A check for each account; nil is the account of what isn't a bundle that can be read.
    package let checks: [(account: String?, check: VerificationCheck)]
    /// Whether a bundle was found at all, even a damaged one.
    package let foundBundle: Bool

    private struct Run {
        var name: String
        var digest: String
        var manifest: ManifestReading
        var signature: SignatureFinding
        var flaws: [String] = []

        func joined(with other: Run?) -> Run {
            guard let other else { return self }
            var run = self
            run.flaws = other.flaws + flaws
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
                // The same bundle may lie in more than one place, and be changed in one of them.
                let other = runs[run.manifest.account]?[run.digest]
                runs[run.manifest.account, default: [:]][run.digest] = run.joined(with: other)
            } catch {
                unreadable.append("\(path): \(error.reason)")
                if case .missing = error { continue }
                foundBundle = true
            }
        }
        var checks = runs.sorted { $0.key < $1.key }.map { account, runs in
            (account: String?.some(account), check: Self.check(runs, demandsSignatures: allowedSigners != nil))
        }
        if !unreadable.isEmpty {
            checks.append((account: nil, check: VerificationCheck("chain", .failed(unreadable))))
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
        let sums = try folder.read(BundlePath.checksums)
        let bytes = try folder.read(BundlePath.manifest)
        let name = FilePath(path).lastComponent?.string ?? path
        let manifest: ManifestReading
        do { manifest = try ManifestReading(bytes) } catch {
            throw .unreadable(path: path, reason: "\(BundlePath.manifest): \(error.plainReason)")
        }
        var run = Run(
            name: name, digest: SHA256.hexadecimal(of: sums), manifest: manifest,
            signature: SealChecks(folder: folder, manifest: manifest, allowed: allowed).finding)
        let stated = Checksums(parsing: String(decoding: sums, as: UTF8.self)).digests[BundlePath.manifest]
        if checksFiles {
            let files = try BundleFiles(folder)
            for check in [files.setCheck, files.checksumCheck] {
                if case .failed(let flaws) = check.result { run.flaws += flaws.map { "\(name): \($0)" } }
            }
        } else if stated != SHA256.hexadecimal(of: bytes) {
            run.flaws.append("\(name): its manifest isn't what SHA256SUMS has")
        }
        return run
    }

    private static func check(_ byDigest: [String: Run], demandsSignatures: Bool) -> VerificationCheck {
        let runs = byDigest.values.sorted {
            ($0.manifest.link.sequence, $0.name) < ($1.manifest.link.sequence, $1.name)
        }
        var flaws = runs.flatMap(\.flaws)
        for (run, next) in zip(runs, runs.dropFirst()) where run.manifest.link.sequence == next.manifest.link.sequence {
            flaws.append(
                "\(run.name) and \(next.name) are different runs of the same number, \(run.manifest.link.sequence)")
        }
        let bySequence = Dictionary(runs.map { ($0.manifest.link.sequence, $0) }) { first, _ in first }
        for run in runs {
            let link = run.manifest.link
            if !link.unreadableRuns.isEmpty {
                flaws.append(
                    "\(run.name): when it was published, \(link.unreadableRuns.joined(separator: ", ")) could not be read"
                )
            }
            guard let previous = link.previous else {
                if link.sequence != 1 {
                    flaws.append("\(run.name) has number \(link.sequence), and names no run before it")
                }
                continue
            }
            if let named = byDigest[previous.sha256] {
                if named.manifest.run != previous.run {
                    flaws.append(
                        "\(run.name) calls the run before it \(previous.run), and it is \(named.manifest.run)")
                }
                if named.manifest.link.sequence != link.sequence - 1 {
                    flaws.append(
                        "\(run.name) has number \(link.sequence), and the run before it \(named.manifest.link.sequence)"
                    )
                }
            } else if let other = bySequence[link.sequence - 1] {
                flaws.append(
                    "\(run.name) names another run before it than \(other.name): that one was changed or replaced, "
                        + "or is of another chain")
            } else {
                flaws.append(
                    "\(run.name) has number \(link.sequence), and the run before it, \(previous.run), isn't here")
            }
        }
        if demandsSignatures { flaws += signatureFlaws(runs, byDigest) }
        guard let first = runs.first, let last = runs.last else {
            return VerificationCheck("chain", .notDone("no runs"))
        }
        let span = runs.count == 1 ? "1 run, \(last.name)" : "\(runs.count) runs, from \(first.name) to \(last.name)"
        return VerificationCheck(
            "chain", flaws: flaws, notes: demandsSignatures ? [] : signatureNotes(runs),
            else:
                "\(span), whose SHA256SUMS is \(last.digest): that none came after "
                + "it, only a copy of this digest elsewhere shows")
    }

    // MARK: Signatures

    /// The runs that nobody vouches for who may sign. A signature is one over the run before, too, by its digest, and over
    /// all before that; what comes after the last of them anybody may have put there.
    private static func signatureFlaws(_ runs: [Run], _ byDigest: [String: Run]) -> [String] {
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
            return "\(run.name) \(why), and no run after it is signed by anybody in the list"
        }
    }

    private static func signatureNotes(_ runs: [Run]) -> [String] {
        guard let last = runs.last(where: \.signature.isGood) else { return [] }
        let count = runs.reversed().prefix { !$0.signature.isGood }.count
        guard count > 0 else { return [] }
        return [
            "\(count) \(count == 1 ? "run" : "runs") after the last signed one, \(last.name), "
                + "\(count == 1 ? "is" : "are") not signed"
        ]
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
