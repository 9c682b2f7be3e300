import FoundationEssentials
import MockIAM
import Recording
import Testing

@Suite("Loading a fixture")
struct FixtureTests {
    @Test("A directory, a bundle and a file are each a fixture", arguments: ["", "/exchanges.jsonl"])
    func places(suffix: String) async throws {
        try await withDirectory(["exchanges.jsonl": recording()]) { directory in
            let fixture = try MockIAM.Fixture(path: directory + suffix)
            #expect(fixture.exchanges.count == 1)
            #expect(fixture.clock == .madeClock)
        }
        try await withDirectory(["raw/exchanges.jsonl": recording()]) { directory in
            let fixture = try MockIAM.Fixture(path: directory)
            #expect(fixture.exchanges.count == 1)
        }
    }

    @Test("What isn't there is named, with what to give instead")
    func missing() async throws {
        try await withDirectory(["readme.txt": ""]) { directory in
            let empty = try #require(throws: MockIAM.FixtureError.self) { try MockIAM.Fixture(path: directory) }
            #expect(empty.description.hasPrefix("\(directory): this directory holds neither exchanges.jsonl nor raw/"))
            let missing = try #require(throws: MockIAM.FixtureError.self) {
                try MockIAM.Fixture(path: directory + "/x")
            }
            #expect(missing.description.hasPrefix("\(directory)/x: there is no such file or directory"))
        }
    }

    @Test("What can't be read is named, with what the system says")
    func unreadable() async throws {
        try await withDirectory(["exchanges.jsonl/x": ""]) { directory in
            let fixture = try #require(throws: MockIAM.FixtureError.self) { try MockIAM.Fixture(path: directory) }
            #expect(fixture.description.hasSuffix("exchanges.jsonl: can't be read: Is a directory"))
            let file = try #require(throws: MockIAM.FixtureError.self) { try MockIAM.RecordedFile(reading: directory) }
            #expect(file.description == fixture.description)
        }
    }

    @Test("A broken line is named by file and number")
    func brokenLine() async throws {
        try await withDirectory(["exchanges.jsonl": recording() + "{\"_op\":"]) { directory in
            let error = try #require(throws: MockIAM.FixtureError.self) { try MockIAM.Fixture(path: directory) }
            #expect(error.path.hasSuffix("exchanges.jsonl"))
            #expect(error.description.hasSuffix("exchanges.jsonl:3: not a HAR entry: it ends too early at byte 7"))
        }
    }

    @Test("A body in a side file is read")
    func sideFile() async throws {
        let files = ["exchanges.jsonl": recording(bodyFile: "bodies/1.xml"), "bodies/1.xml": "<ü/>"]
        try await withDirectory(files) { directory in
            let fixture = try MockIAM.Fixture(path: directory)
            #expect(fixture.exchanges.first?.response?.body == Array("<ü/>".utf8))
        }
    }

    @Test("A HAR file is told to be converted")
    func har() async throws {
        try await withDirectory(["a.HAR": "{}"]) { directory in
            let error = try #require(throws: MockIAM.FixtureError.self) {
                try MockIAM.Fixture(path: "\(directory)/a.HAR")
            }
            #expect(
                error.reason == "is a HAR file; make a recording of it first: mock-iam convert \(directory)/a.HAR DIR")
        }
    }

    @Test(
        "A side file outside of the directory is refused",
        arguments: [
            "../outside.xml", "/etc/hostname", "bodies/../../outside.xml", "bodies//1.xml", "link.xml", "folder/1.xml",
            "",
        ]
    )
    func escape(path: String) async throws {
        let files = [
            "inside/exchanges.jsonl": recording(bodyFile: path), "outside.xml": "hush", "outside/1.xml": "hush",
        ]
        try await withDirectory(files) { directory in
            let inside = directory + "/inside"
            try FileManager.default.createSymbolicLink(
                atPath: inside + "/link.xml", withDestinationPath: "../outside.xml")
            try FileManager.default.createSymbolicLink(atPath: inside + "/folder", withDestinationPath: "../outside")
            let error = try #require(throws: MockIAM.FixtureError.self) { try MockIAM.Fixture(path: inside) }
            #expect(error.line == 2)
            #expect(error.reason.contains("_bodyFile"))
        }
    }

    private func recording(bodyFile: String? = nil) -> String {
        let content = bodyFile.map { "\"_bodyFile\":\"\($0)\"" } ?? #""text":"<a/>""#
        return #"""
            {"_recording":{"clock":"2026-11-22T20:45:00Z","created":"2026-11-23T00:00:00Z","formatVersion":1,"tool":"t"}}
            {"_op":"ListUsers","_seq":1,"request":{"method":"POST","postData":{"text":"Action=ListUsers"},"url":"https://x/"},\#
            "response":{"content":{\#(content)},"status":200},"startedDateTime":"2026-11-22T20:45:00Z"}

            """#
    }

    /// Runs `body` with a directory that holds the files, and removes it afterwards.
    private func withDirectory(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let home = FileManager.default.temporaryDirectory.appending(path: "MockIAMTests-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: home) }
        for (name, text) in files {
            let file = home.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try await body(home.path)
    }
}
