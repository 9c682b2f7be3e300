import Evidence
import Foundation
import MockIAM
import SystemPackage
import Testing

@testable import Collector

@Suite struct RunChainTests {
    /// An as-of instant of one's own may be an earlier one.
    @Test func `a run follows the last one by number, whatever that is called`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            for day in [5, 4] { try await runs.add(of: bundle, day: day) }
            let account = runs.folder.lastPathComponent
            let output = FilePath(runs.folder.deletingLastPathComponent().path)
            func next() throws -> ChainLink {
                try RunChain(in: AccountFolder(of: account, in: output), of: account).next
            }
            #expect(try next().sequence == 3 && next().previous?.run == "20270104T120000Z")
            // One that was taken away leaves a gap, which the next one doesn't close.
            try FileManager.default.removeItem(atPath: runs.paths[0])
            #expect(try next().sequence == 3)
        }
    }

    @Test func `a run of another account is none of this one's`() async throws {
        try await RunsOfAChain.with { runs, bundle in
            try await runs.add(of: bundle)
            try await runs.add(of: bundle) {
                $0.replacing(#""account": "111122223333""#, with: #""account": "444455556666""#)
            }
            let account = runs.folder.lastPathComponent
            let output = FilePath(runs.folder.deletingLastPathComponent().path)
            let chain = try RunChain(in: AccountFolder(of: account, in: output), of: account)
            #expect(chain.runs.map(\.name) == ["20270101T120000Z"] && chain.unreadable == ["20270102T120000Z"])
            #expect(chain.next.sequence == 2 && chain.next.unreadableRuns == ["20270102T120000Z"])
        }
    }

    /// A run that says it is the last there can be was made by nobody in earnest, and none could follow it.
    @Test(arguments: [(3_199_999_999, 3_200_000_000), (3_200_000_000, 1), (3_200_000_001, 1)])
    func `a run at the last number is none that another can follow`(number: Int, next: Int) async throws {
        try await withBundle(of: SmallAccount.account(), MockIAM.Options(authentication: .off), .live) { bundle in
            let file = bundle.appending(path: "manifest.json")
            let manifest = try String(contentsOf: file, encoding: .utf8)
            let edited = manifest.replacing(#""sequence": 1"#, with: #""sequence": \#(number)"#)
            #expect(edited != manifest)
            try edited.write(to: file, atomically: false, encoding: .utf8)
            let folder = bundle.deletingLastPathComponent()
            let account = folder.lastPathComponent
            let output = FilePath(folder.deletingLastPathComponent().path)
            let chain = try RunChain(in: AccountFolder(of: account, in: output), of: account)
            #expect(chain.next.sequence == next)
            #expect(chain.unreadable == (next == 1 ? [bundle.lastPathComponent] : []))
        }
    }
}
