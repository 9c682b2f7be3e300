import AWSClient
import CanonicalJSON
@testable import Collector
@testable import Evidence
import FoundationEssentials
import Testing

/// What somebody else's files cost that have far more of something than any of ours. Each of these took minutes, or
/// gigabytes.
@Suite(.timeLimit(.minutes(1))) struct HostileSizesTests {
    @Test func `failures of one call that differ in what they say`() {
        let failures = (0..<100_000).map {
            ReadFailure(
                fact: .population, operation: "ListUsers", subject: .account, code: .noAnswer,
                message: "\($0)", exchange: nil)
        }
        #expect((failures + failures).oncePerCall == failures)
    }

    @Test func `an answer that repeats the secret over and over`() {
        let secret = Secret("IQoJb3JpZ2luX2VjEXAMPLE+token/with=signs")
        let text = String(repeating: "\(secret.exposed),", count: 400_000)
        #expect(text.redacting([secret]).utf8.count == 400_000 * "<redacted>,".utf8.count)
    }

    @Test func `references that lead nowhere`() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/oscal", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: "\(folder)/\(BundleMember.checksums)"))
            let links = Array(repeating: #"{"href":""}"#, count: 500_000).joined(separator: ",")
            try Data("[\(links)]".utf8).write(to: URL(filePath: "\(folder)/\(BundleMember.indexCatalog)"))
            let found = OSCALReferences(try BundleFiles(BundleFolder(path: folder)), try Crosswalk.builtIn())
            #expect(found.flaws.count == 101)
            #expect(found.flaws[0].hasSuffix("the rest isn't followed"))
            #expect(found.flaws[1] == "\(BundleMember.indexCatalog):  leads to no file of the bundle")
            #expect(found.flaws.last?.hasPrefix("and ") == true)
            #expect(found.count < 500_000 / 2)
        }
    }

    // MARK: Where a document differs

    private func difference(_ own: String, _ other: String) -> String {
        let document = BundleDocument(member: .keys) { $0.append(own) }
        return RewrittenFile.firstDifference(document, from: Array(other.utf8))
    }

    @Test func `a file of line feeds`() {
        #expect(
            difference("a\nb\n", "a\nb\n" + String(repeating: "\n", count: 5_000_000))
                == " (5000003 lines instead of 3)")
    }

    @Test(arguments: [
        ("a\nb\n", "a\nb\n", ""),
        ("a\nb\nc\n", "a\nx\nc\n", " (line 2: …x, where it should say …b)"),
        ("a\nb\n", "a\n", " (2 lines instead of 3)"),
        ("a\nbcd", "a\nb", " (line 2: …b, where it should say …bcd)"),
        ("", "a", " (line 1: …a, where it should say …)"),
        (
            String(repeating: "0", count: 100) + "1\n", String(repeating: "0", count: 100) + "2\n",
            " (line 1: …\(String(repeating: "0", count: 40))2, where it should say …\(String(repeating: "0", count: 40))1)"
        ),
        (
            "x\n", String(repeating: "é", count: 300) + "\n",
            " (line 1: …\(String(repeating: "é", count: 120))…, where it should say …x)"
        ),
    ])
    func `the first line that differs is shown where the two part`(own: String, other: String, expected: String) {
        #expect(difference(own, other) == expected)
    }
}
