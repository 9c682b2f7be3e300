import AWSClient
import Foundation
import Testing

/// `mock-iam serve` as a process.
@Suite struct MockIAMCommandTests {
    /// Starts the emulator, waits for its line on standard output, and ends it with a signal after `body`.
    private func serving<Result>(
        _ arguments: [String], _ body: (_ url: String) async throws -> Result
    ) async throws -> (result: Result, status: Int32, errors: String) {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let errors = folder.appending(path: "err")
        let pipe = Pipe()
        let process = try Program(name: "mock-iam").process(
            ["serve"] + arguments, environment: [:], output: folder.appending(path: "out"), errors: errors)
        process.standardOutput = pipe
        try process.run()
        // The line is flushed at once, so reading it is all the waiting there is.
        let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        let result: Result
        do {
            #expect(line.hasPrefix("listening on http://127.0.0.1:") && line.hasSuffix("\n"))
            result = try await body(String(line.dropFirst("listening on ".count).dropLast()))
        } catch {
            process.terminate()
            throw error
        }
        process.terminate()
        process.waitUntilExit()
        return (result, process.terminationStatus, String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }

    @Test func `serve, collect, and a graceful end`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let served = try await serving(["--fixtures", fixture("demo-account")]) { url in
            try await Program(name: "keywitness").run(
                [
                    "collect", "--endpoint-url", url, "--as-of", "2026-11-22T20:45:00Z", "--output-dir",
                    folder.appending(path: "out").path,
                ],
                environment: ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "HOME": folder.path])
        }
        #expect(served.result.status == 3)
        #expect(served.status == 0)
        #expect(served.errors.contains("clock 2026-11-22T20:45:00Z, frozen"))
    }

    @Test func `an unknown request is logged with the nearest candidates`() async throws {
        let served = try await serving(["--fixtures", fixture("demo-account"), "--auth", "off"]) { url in
            let form = "Action=ListAccessKeys&Version=2010-05-08&UserName=ci-deplo"
            let request = HTTPRequest(url: try #require(EndpointURL(url)), body: Array(form.utf8))
            let transport = HTTPTransport(connections: 1)
            let answer = try await transport.send(request, for: Call(operation: "ListAccessKeys", attempt: 1))
            await transport.shutdown()
            return answer
        }
        #expect(served.result.status == 400)
        let body = String(decoding: served.result.body, as: UTF8.self)
        #expect(body.contains("<ErrorResponse") && body.contains("<Code>"))
        #expect(served.errors.contains("ListAccessKeys UserName=ci-deploy"))
    }

    @Test(arguments: [
        ("users=500,keys=1.2,seed=7,profile=messy", "500 users, 600 access keys"),
        ("users=1,keys=1,seed=7", "1 user, 1 access key"),
    ])
    func `the log counts what lists have`(generated: String, counts: String) async throws {
        let served = try await serving(["--generate", generated]) { _ in }
        #expect(served.errors.contains("account 111122223333: \(counts)\n"), "\(served.errors)")
    }

    @Test func `a file that can't be written is named, with what the system says`() async throws {
        let result = try await Program(name: "mock-iam").run(
            ["serve", "--generate", "users=1", "--ready-file", "/nonexistent/x"])
        #expect(result.status == 1)
        #expect(
            result.errors.hasSuffix(
                "Error: can't write /nonexistent/x: No such file or directory; is its folder there and writable?\n"),
            "\(result.errors)")
    }

    #if os(Linux)
        @Test func `what can't be printed is an error`() async throws {
            for arguments in [
                ["show", fixture("demo-account")], ["show", "--json", fixture("demo-account")],
            ] {
                let result = try await Program(name: "mock-iam").run(arguments, to: "/dev/full")
                #expect(result.status == 1, "\(arguments)")
                #expect(
                    result.errors.hasSuffix("Error: can't write to standard output: No space left on device\n"),
                    "\(result.errors)")
            }
        }
    #endif

    #if os(Linux)
        @Test func `a server whose address nobody can be told ends`() async throws {
            let folder = try temporaryFolder()
            defer { try? FileManager.default.removeItem(at: folder) }
            let errors = folder.appending(path: "err")
            let process = try Program(name: "mock-iam").process(
                ["serve", "--generate", "users=1"], environment: [:], output: folder.appending(path: "out"),
                errors: errors)
            process.standardOutput = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
            try process.run()
            let deadline = ContinuousClock.now + .seconds(30)
            while process.isRunning, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
            let isOver = !process.isRunning
            if !isOver { process.terminate() }
            process.waitUntilExit()
            #expect(isOver && process.terminationStatus == 1)
            let said = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
            #expect(said.hasSuffix("Error: can't write to standard output: No space left on device\n"), "\(said)")
        }
    #endif

    @Test func `a folder without a recording is a clear error`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try await Program(name: "mock-iam").run(["serve", "--fixtures", folder.path])
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("exchanges.jsonl"))
        #expect(try await Program(name: "mock-iam").run(["serve"]).status == 64)
    }
}
