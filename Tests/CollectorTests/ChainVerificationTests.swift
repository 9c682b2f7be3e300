import Foundation
import Testing

@testable import Collector

/// What the runs of an account say of one another.
@Suite struct ChainVerificationTests {
    @Test func `runs that follow one another are a whole chain`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            for _ in 1...3 { try await runs.add(of: bundle) }
            #expect(try runs.flaws(from: 1).isEmpty)
            #expect(try runs.notes().isEmpty)
        }
    }

    /// What a manifest says of the runs before it.
    @Test(arguments: [
        (
            #""run": "20270101T120000Z", "sha256""#, #""run": "20270109T120000Z", "sha256""#,
            "20270102T120000Z calls the run before it 20270109T120000Z, and it is 20270101T120000Z"
        ),
        (
            #""sequence": 2"#, #""sequence": 3"#, "20270102T120000Z has number 3, and the run before it 1"
        ),
        (
            #""previous": ?\{[^}]*\}"#, #""previous": null"#,
            "20270102T120000Z has number 2, and names no run before it"
        ),
        (
            #""unreadable_runs": ?\[\]"#, #""unreadable_runs": ["20261231T120000Z"]"#,
            "20270102T120000Z: when it was published, 20261231T120000Z could not be read"
        ),
    ])
    func `a run that says of those before it what isn't so, or isn't well, breaks the chain`(
        pattern: String, other: String, said: String
    ) async throws {
        try await RunsOfAChain.with { runs, bundle in
            try await runs.add(of: bundle)
            try await runs.add(of: bundle) {
                let changed = $0.replacingOccurrences(of: pattern, with: other, options: .regularExpression)
                #expect(changed != $0)
                return changed
            }
            #expect(try runs.flaws() == [said])
        }
    }

    /// Of those that are named a verification of their own says it.
    @Test func `what doesn't belong into a run that lies beside is found`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            for _ in 1...2 { try await runs.add(of: bundle) }
            try Data().write(to: URL(filePath: runs.paths[1]).appending(path: "stray"))
            #expect(try runs.flaws() == ["20270102T120000Z: stray doesn't belong to a bundle"])
            #expect(try runs.flaws(from: 1).isEmpty)
        }
    }

    /// Between runs there is a longest gap, which is counted.
    @Test(arguments: ["9223372036854775807", "-9223372036854775808", "1000000000001"])
    func `a clock that no clock can be off by isn't read`(skew: String) async throws {
        try await RunsOfAChain.with { runs, bundle in
            try await runs.add(of: bundle)
            try await runs.add(of: bundle) {
                $0.replacingOccurrences(
                    of: #""completeness": ?\{"#, with: #""completeness": {"clock_skew_seconds": \#(skew), "#,
                    options: .regularExpression)
            }
            let flaws = try runs.flaws()
            #expect(flaws.count == 1)
            #expect(flaws.first?.contains("counts more than there can be") == true, "\(flaws)")
        }
    }

    // MARK: Signatures

    @Test func `a signature vouches for the runs before it, and for none after`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            let signer = RunsOfAChain.Signer()
            try await runs.add(of: bundle)
            try await runs.add(of: bundle, signedBy: signer)
            #expect(try runs.flaws(allowing: signer).isEmpty)
            try await runs.add(of: bundle)
            #expect(
                try runs.flaws(from: 1, allowing: signer) == [
                    "20270103T120000Z isn't signed, and no run after it is signed by anybody in the list"
                ])
            try await runs.add(of: bundle, signedBy: signer)
            #expect(try runs.flaws(allowing: signer).isEmpty)
        }
    }

    @Test func `of two copies of a run the signed one counts, whichever is looked at first`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            let signer = RunsOfAChain.Signer()
            try await runs.add(of: bundle, signedBy: signer)
            let elsewhere = runs.folder.deletingLastPathComponent().appending(path: "copies")
            try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: false)
            let copy = elsewhere.appending(path: "20270101T120000Z")
            try FileManager.default.copyItem(at: URL(filePath: runs.paths[0]), to: copy)
            try FileManager.default.removeItem(at: copy.appending(path: "SHA256SUMS.sig"))
            let both = [runs.paths[0], copy.path]
            for bundles in [both, both.reversed()] {
                let chains = ChainVerification(bundles: bundles, allowedSigners: try signer.allowed).checks
                #expect(chains.count == 1 && chains[0].check.isSound, "\(chains)")
            }
        }
    }

    @Test func `a newest run that somebody else signed breaks the chain`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            let (signer, other) = (RunsOfAChain.Signer(), RunsOfAChain.Signer())
            for _ in 1...2 { try await runs.add(of: bundle, signedBy: signer) }
            try await runs.add(of: bundle, signedBy: other)
            let flaws = try runs.flaws(from: 1, allowing: signer)
            #expect(flaws.count == 1)
            #expect(
                flaws.first?.hasPrefix(
                    "20270103T120000Z has no signature that counts (nobody in the list has the key SHA256:") == true)
            // Nobody asked whose they are.
            #expect(try runs.flaws().isEmpty)
        }
    }

    @Test func `a signature over another run's checksums vouches for nothing`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            let signer = RunsOfAChain.Signer()
            try await runs.add(of: bundle, signedBy: signer)
            try await runs.add(of: bundle)
            try FileManager.default.copyItem(
                atPath: "\(runs.paths[0])/SHA256SUMS.sig", toPath: "\(runs.paths[1])/SHA256SUMS.sig")
            let flaws = try runs.flaws(allowing: signer)
            #expect(flaws.count == 1)
            #expect(flaws.first?.contains("isn't one over these checksums") == true)
        }
    }

    @Test func `runs after the last signed one are noted where nobody asks who signed`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            let signer = RunsOfAChain.Signer()
            try await runs.add(of: bundle, signedBy: signer)
            #expect(try runs.notes().isEmpty)
            try await runs.add(of: bundle)
            #expect(
                try runs.notes() == ["1 run after the last signed one, 20270101T120000Z, is not signed"])
            try await runs.add(of: bundle)
            #expect(
                try runs.notes() == ["2 runs after the last signed one, 20270101T120000Z, are not signed"])
            #expect(try runs.flaws().isEmpty)
        }
    }

    // MARK: Names and times

    @Test func `a run is called by its manifest's word, and a folder that says otherwise is noted`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            for _ in 1...2 { try await runs.add(of: bundle) }
            try FileManager.default.moveItem(
                atPath: runs.paths[1], toPath: runs.folder.appending(path: "20270131T000000Z").path)
            let chain = try #require(ChainVerification(bundles: [runs.paths[0]]).checks.first)
            guard case .passed(let text) = chain.check.result else {
                Issue.record("\(chain.check)")
                return
            }
            #expect(text.hasPrefix("2 runs, from 20270101T120000Z to 20270102T120000Z, whose SHA256SUMS is "))
            #expect(
                chain.check.notes == [
                    "what lies in 111122223333/20270131T000000Z is run 20270102T120000Z of account 111122223333"
                ])
        }
    }

    @Test func `runs of one name are told apart by their paths`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            try await runs.add(of: bundle)
            var others = runs
            others.folder = runs.folder.deletingLastPathComponent().appending(path: "other")
            others.paths = []
            try FileManager.default.createDirectory(at: others.folder, withIntermediateDirectories: false)
            try await others.add(of: bundle, collected: 3)
            let paths = [runs.paths[0], others.paths[0]].sorted()
            let chain = ChainVerification(bundles: paths).checks[0]
            #expect(
                chain.check.result
                    == .failed(["\(paths[0]) and \(paths[1]) are different runs of the same number, 1"]))
        }
    }

    @Test func `a run that is older than the one it follows is noted`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            try await runs.add(of: bundle, day: 5)
            try await runs.add(of: bundle, day: 4)
            try await runs.add(of: bundle, day: 6, collected: 2)
            #expect(
                try runs.notes() == [
                    "20270104T120000Z follows 20270105T120000Z, and is judged as of an earlier instant",
                    "20270104T120000Z follows 20270105T120000Z, and was collected before it, until 2027-01-04T12:01:00Z",
                    "20270106T120000Z follows 20270104T120000Z, and was collected before it, until 2027-01-02T12:01:00Z",
                ])
            #expect(try runs.flaws().isEmpty)
        }
    }

    @Test func `two runs that are judged as of one instant follow one another as well`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            try await runs.add(of: bundle, day: 5)
            try await runs.add(of: bundle, day: 6) {
                $0.replacing(#""as_of": "2027-01-06T12:00:00Z""#, with: #""as_of": "2027-01-05T12:00:00Z""#)
            }
            #expect(try runs.flaws().isEmpty)
            #expect(try !runs.notes().contains { $0.contains("earlier instant") })
        }
    }

    @Test func `while a long run goes on there is no gap, though another ended before it`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            try await runs.add(of: bundle, day: 1) {
                $0.replacing(#""ended": "2027-01-01"#, with: #""ended": "2027-01-09"#)
            }
            for day in [3, 12] { try await runs.add(of: bundle, day: day) }
            let gap = try #require(ChainVerification(bundles: [runs.paths[0]]).checks.first?.longestGap)
            #expect(gap.to.timeIntervalSince(gap.from) == 3 * 86_400 - 60)
        }
    }

    @Test func `a chain says of each run what it covered, and the longest time between two`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            let signer = RunsOfAChain.Signer()
            for day in [1, 3, 8, 9] { try await runs.add(of: bundle, day: day, signedBy: day == 3 ? signer : nil) }
            let chain = try #require(
                ChainVerification(bundles: [runs.paths[0]], allowedSigners: try signer.allowed).checks.first)
            #expect(chain.runs.map(\.sequence) == [1, 2, 3, 4])
            #expect(chain.runs.map(\.run) == ["01", "03", "08", "09"].map { "202701\($0)T120000Z" })
            #expect(chain.runs.map(\.signature.signer) == [nil, "evidence@example.com", nil, nil])
            #expect(chain.runs.allSatisfy { $0.isComplete && $0.overallStatus == "NON_COMPLIANT" })
            let gap = try #require(chain.longestGap)
            #expect(gap.from == chain.runs[1].ended && gap.to == chain.runs[2].started)
            #expect(gap.to.timeIntervalSince(gap.from) == 5 * 86_400 - 60)
        }
    }
}
