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
}
