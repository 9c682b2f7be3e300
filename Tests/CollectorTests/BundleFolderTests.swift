import Evidence
import Foundation
import Testing

@testable import Collector

struct BundleFolderTests {
    private func refusal(_ member: BundleMember, in folder: URL) -> String? {
        do throws(BundleError) {
            _ = try BundleFolder(path: folder.path).read(member)
            return nil
        } catch { return error.reason }
    }

    @Test func `a file is read as it is, in the folder and one below`() async throws {
        try await withTemporaryFolder { path in
            let folder = URL(filePath: path)
            let long = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
            try FileManager.default.createDirectory(
                at: folder.appending(path: "raw"), withIntermediateDirectories: false)
            try Data(long).write(to: folder.appending(path: "raw/exchanges.jsonl"))
            try Data().write(to: folder.appending(path: "keys.csv"))
            let bundle = BundleFolder(path: folder.path)
            #expect(try bundle.read(.recording) == long)
            #expect(try bundle.read(.keys).isEmpty)
            // A link to the folder itself was chosen by whoever named it.
            let link = folder.appending(path: "link")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder)
            #expect(try BundleFolder(path: link.path).read(.recording) == long)
        }
    }

    @Test func `of runs in a folder, or in one of accounts, the newest is named`() async throws {
        try await withTemporaryFolder { path in
            func reason(_ folder: String) -> String? {
                do throws(BundleError) {
                    try BundleFolder(path: folder).checkIsBundle()
                    return nil
                } catch { return error.reason }
            }
            let runs = ["20260301T000000Z", "20260101T000000Z", "20260201T000000Z"].map { "\(path)/111122223333/\($0)" }
            for run in runs {
                try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
            }
            // What only looks like an account, or a run, is none.
            for other in ["\(path)/11112222333x/20270101T000000Z", "\(path)/111122223333/20270101T000000"] {
                try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
            }
            for folder in [path, "\(path)/", "\(path)/111122223333"] {
                #expect(reason(folder) == "3 runs are in it; name one of them, such as \(runs[0])")
            }
        }
    }

    /// Somebody may show sums to one who looks at the signature, and others to one who compares files.
    @Test func `what changes while a bundle is looked at is no longer read`() async throws {
        try await withTemporaryFolder { path in
            let folder = URL(filePath: path)
            let sums = Array("\(String(repeating: "0", count: 64))  keys.csv\n".utf8)
            try Data(sums).write(to: folder.appending(path: "SHA256SUMS"))
            try Data("a".utf8).write(to: folder.appending(path: "keys.csv"))
            let files = try BundleFiles(BundleFolder(path: path))
            #expect(try files.read(.keys) == Array("a".utf8))
            for name in ["SHA256SUMS", "keys.csv", "report.json"] {
                try Data("b".utf8).write(to: folder.appending(path: name))
            }
            #expect(try files.read(.checksums) == sums)
            for member in [BundleMember.keys, .report] {
                let error = #expect(throws: BundleError.self) { try files.read(member) }
                #expect(error?.reason.hasSuffix("\(member) was changed while it was looked at") == true)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a pipe in the place of a file is refused, and not waited for`() async throws {
        try await withTemporaryFolder { path in
            let folder = URL(filePath: path)
            #expect(unsafe mkfifo(folder.appending(path: "report.json").path, 0o600) == 0)
            #expect(refusal(.report, in: folder) == "report.json isn't a plain file")
        }
    }

    @Test func `what isn't a plain file is refused by what it is`() async throws {
        try await withTemporaryFolder { path in
            let folder = URL(filePath: path)
            let files = FileManager.default
            try Data("secret".utf8).write(to: folder.appending(path: "elsewhere"))
            for (name, target) in [("report.json", "elsewhere"), ("keys.csv", "nowhere"), ("raw", "oscal")] {
                try files.createSymbolicLink(
                    atPath: folder.appending(path: name).path, withDestinationPath: target)
            }
            try files.createDirectory(
                at: folder.appending(path: "oscal/profile.json"), withIntermediateDirectories: true)
            try Data("secret".utf8).write(to: folder.appending(path: "oscal/exchanges.jsonl"))
            #expect(refusal(.report, in: folder) == "report.json isn't a plain file")
            #expect(refusal(.keys, in: folder) == "keys.csv isn't a plain file")
            #expect(refusal(.recording, in: folder) == "raw isn't a folder")
            #expect(refusal(.profile, in: folder) == "oscal/profile.json isn't a plain file")
            #expect(refusal(.manifest, in: folder) == "there is no readable manifest.json")
            #expect(
                refusal(.assessmentPlan, in: folder) == "there is no readable oscal/assessment-plan.json")
        }
    }

    @Test(arguments: [BundleMember.keys, .recording])
    func `a file or a folder that is swapped for a link meanwhile is not read through it`(_ member: BundleMember)
        async throws
    {
        try await withTemporaryFolder { path in
            let folder = URL(filePath: path)
            let files = FileManager.default
            let swapped = folder.appending(
                path: member.path.split(separator: "/").first.map(String.init) ?? member.path)
            let parts = ["inside", "outside"].map { folder.appending(path: $0) }
            for part in parts {
                let file = member.path.contains("/") ? part.appending(path: "exchanges.jsonl") : part
                try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(part.lastPathComponent.utf8).write(to: file)
            }
            let link = folder.appending(path: "link")
            try files.createSymbolicLink(at: link, withDestinationURL: parts[1])
            try files.moveItem(at: parts[0], to: swapped)
            let bundle = BundleFolder(path: folder.path)
            #expect(try bundle.read(member) == Array("inside".utf8))
            // Now the link has the name, now the file again.
            let turns = [(swapped, parts[0]), (link, swapped), (swapped, link), (parts[0], swapped)].map {
                ($0.path, $1.path)
            }
            let swapping = Task.detached {
                while !Task.isCancelled {
                    for (from, to) in turns where unsafe rename(from, to) != 0 { throw CocoaError(.fileWriteUnknown) }
                }
            }
            var read: Set<String> = []
            for _ in 0..<5_000 {
                if let bytes = try? bundle.read(member) { read.insert(String(decoding: bytes, as: UTF8.self)) }
            }
            swapping.cancel()
            try await swapping.value
            #expect(read.isSubset(of: ["inside"]))
            #expect(try bundle.read(member) == Array("inside".utf8))
        }
    }
}
