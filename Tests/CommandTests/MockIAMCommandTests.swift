import AWSClient
import Foundation
import Testing

/// `mock-iam serve` as a process.
@Suite struct MockIAMCommandTests {
    /// Starts the emulator, waits for its line on standard output, and ends it with a signal after `body`.
    private func serving<Result>(
        _ arguments: [String], _ body: (_ url: String, _ process: Process) async throws -> Result
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
            result = try await body(String(line.dropFirst("listening on ".count).dropLast()), process)
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
        let served = try await serving(["--fixtures", fixture("demo-account")]) { url, _ in
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

    /// Serves an account whose every answer is late or slow, and asks it for its users.
    ///
    /// - Parameters:
    ///   - end: what ends the server, as soon as it has begun to answer.
    ///   - effect: what goes wrong with each answer.
    private func endingWhileAnswering(
        _ effect: String, _ end: @escaping (_ url: EndpointURL, _ process: Process) async throws -> Void
    ) async throws -> (result: HTTPResponse?, status: Int32, errors: String) {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let faults = folder.appending(path: "faults.yaml")
        try Data("faults: [{\(effect)}]".utf8).write(to: faults)
        let arguments = ["--generate", "users=1", "--auth", "off", "--faults", faults.path]
        return try await serving(arguments) { url, process in
            let url = try #require(EndpointURL(url))
            // Whoever gives up before the server has been ended, on a slow machine, would leave it nothing to answer.
            var patient = HTTPTransport.Limits()
            (patient.read, patient.total) = (.seconds(600), .seconds(600))
            let transport = HTTPTransport(connections: 2, limits: patient)
            async let answer = try? transport.send(
                HTTPRequest(
                    url: url, headers: [Self.formType], body: Array("Action=ListUsers&Version=2010-05-08".utf8)),
                for: Call(operation: "ListUsers", attempt: 1))
            while try await control("journal/counts", url).contains("\"served\": 0") {}
            try await end(url, process)
            let result = await answer
            await transport.shutdown()
            return result
        }
    }

    private func control(_ path: String, method: String = "GET", _ url: EndpointURL) async throws -> String {
        let transport = HTTPTransport(connections: 1)
        var control = url
        control.path = "/_mock/\(path)"
        let answer = try await transport.send(
            HTTPRequest(method: method, url: control), for: Call(operation: "control", attempt: 1))
        await transport.shutdown()
        try #require(200..<300 ~= answer.status)
        return String(decoding: answer.body, as: UTF8.self)
    }

    @Test(arguments: ["latency: 700ms", "drip: {bytes: 100, every: 50ms}"], [true, false])
    func `what it has begun to answer is answered when it is told to end`(effect: String, bySignal: Bool) async throws {
        let served = try await endingWhileAnswering(effect) { url, process in
            if bySignal { process.terminate() } else { _ = try await control("stop", method: "POST", url) }
        }
        #expect(served.status == 0)
        #expect(served.result?.status == 200)
        #expect(
            served.result.map { String(decoding: $0.body, as: UTF8.self) }?.hasSuffix("</ListUsersResponse>") == true)
    }

    @Test func `a second signal ends it at once, whatever it is answering`() async throws {
        // The first is sent here, the second by whoever serves; and the answer would take longer than any grace.
        let served = try await endingWhileAnswering("latency: 600s") { _, process in
            process.terminate()
            // The first must not be lost in the second.
            process.interrupt()
            process.waitUntilExit()
        }
        #expect(served.status == 0)
        #expect(served.result == nil)
        #expect(served.errors.contains(", then SIG"), "\(served.errors)")
        // The connection by which the journal was asked may not be closed yet.
        #expect(served.errors.contains("connections cut off before their answers have ended: "))
    }

    @Test func `a clock that runs with the machine's is no part of a generated account`() async throws {
        for (arguments, isSaid) in [(["--moving-clock"], false), ([], true)] {
            let state = try await serving(["--generate", "users=1"] + arguments) { url, _ in
                try await control("state", try #require(EndpointURL(url)))
            }
            #expect(state.result.contains("\"clock\"") == isSaid)
        }
    }

    @Test(arguments: [
        (["users=1", "--moving-clock"], false), (["users=1,clock=2020-01-01T00:00:00Z"], false),
        (["users=1,clock=2020-01-01T00:00:00Z", "--moving-clock"], true),
        (["users=1,clock=2020-01-01T00:00:00Z", "--moving-clock", "--auth", "off"], false),
    ])
    func `a clock that runs far from the machine's is warned of`(arguments: [String], isSaid: Bool) async throws {
        let served = try await serving(["--generate"] + arguments) { _, _ in }
        #expect(
            served.errors.contains("who signs by the machine's time is refused") == isSaid, "\(served.errors)")
    }

    @Test func `a file that has no clock any more goes on at the one that it had, and counts its spans from that`()
        async throws
    {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "account.yaml")
        let users = "account: \"111122223333\"\nusers: [{name: a, created: 3d ago}]\n"
        try Data((users + "clock: 2020-01-04T00:00:00Z\n").utf8).write(to: file)
        let served = try await serving(["--account", file.path]) { url, _ in
            let url = try #require(EndpointURL(url))
            try Data(users.utf8).write(to: file)
            _ = try await control("reload", method: "POST", url)
            let state = try await control("state", url)
            _ = try await control("reload", method: "POST", url)
            return (state, try await control("state", url), try await control("clock", url))
        }
        #expect(served.result.0.contains("\"created\": \"2020-01-01T00:00:00Z\""), "\(served.result.0)")
        #expect(!served.result.0.contains("\"clock\"") && served.result.1 == served.result.0)
        #expect(served.result.2.contains("2020-01-04T00:00:00Z"))
    }

    @Test func `accounts that say no clock are judged by the first account's, whatever file or option they come from`()
        async throws
    {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = (1...2).map { folder.appending(path: "\($0).yaml") }
        try Data("account: \"111122223333\"\nclock: 2020-01-04T00:00:00Z\n".utf8).write(to: files[0])
        try Data("account: \"444455556666\"\nusers: [{name: a, created: 3d ago}]\n".utf8).write(to: files[1])
        let served = try await serving(
            ["--account", files[0].path, "--account", files[1].path, "--generate", "users=1,account=777788889999"]
        ) { url, _ in
            try await control("state", try #require(EndpointURL(url)))
        }
        #expect(served.result.contains("\"created\": \"2020-01-01T00:00:00Z\""), "\(served.result)")
        #expect(!served.errors.contains("isn't heeded"), "\(served.errors)")
    }

    private static let formType = HTTPHeader(name: "Content-Type", value: "application/x-www-form-urlencoded")

    @Test func `whoever watches its files sees bodies in files of their own and the faults file change`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let (body, faults) = (folder.appending(path: "bodies/users.xml"), folder.appending(path: "faults.yaml"))
        try FileManager.default.createDirectory(
            at: body.deletingLastPathComponent(), withIntermediateDirectories: false)
        try Data("first".utf8).write(to: body)
        try Data("faults: []".utf8).write(to: faults)
        let recording = """
            {"_recording":{"created":"2026-11-22T20:45:00Z","formatVersion":1,"tool":"a test"}}
            {"_op":"ListUsers","_seq":1,"request":{"method":"POST","postData":{"text":"Action=ListUsers"},"url":"https://iam.amazonaws.com/"},\
            "response":{"content":{"_bodyFile":"bodies/users.xml"},"status":200},"startedDateTime":"2026-11-22T20:45:00Z"}

            """
        try Data(recording.utf8).write(to: folder.appending(path: "exchanges.jsonl"))
        let arguments = ["--fixtures", folder.path, "--faults", faults.path, "--auth", "off", "--watch"]
        let served = try await serving(arguments) { url, _ in
            let transport = HTTPTransport(connections: 1)
            let request = HTTPRequest(
                url: try #require(EndpointURL(url)), headers: [Self.formType], body: Array("Action=ListUsers".utf8))
            func ask() async throws -> String {
                let answer = try await transport.send(request, for: Call(operation: "ListUsers", attempt: 1))
                return "\(answer.status) \(String(decoding: answer.body, as: UTF8.self))"
            }
            #expect(try await ask() == "200 first")
            let end = ContinuousClock.now + .seconds(60)
            try Data("second".utf8).write(to: body)
            while try await ask() != "200 second", ContinuousClock.now < end {}
            #expect(try await ask() == "200 second")
            // Half a file changes nothing, the other half is taken when it is there.
            try Data("faults: [{error".utf8).write(to: faults)
            try Data("faults: [{error: 503}]".utf8).write(to: faults)
            while try await !ask().hasPrefix("503"), ContinuousClock.now < end {}
            #expect(try await ask().hasPrefix("503"))
            await transport.shutdown()
        }
        #expect(served.status == 0)
    }

    @Test func `an unknown request is logged with the nearest candidates`() async throws {
        let served = try await serving(["--fixtures", fixture("demo-account"), "--auth", "off"]) { url, _ in
            let form = "Action=ListAccessKeys&Version=2010-05-08&UserName=ci-deplo"
            let request = HTTPRequest(
                url: try #require(EndpointURL(url)), headers: [Self.formType], body: Array(form.utf8))
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
        let served = try await serving(["--generate", generated]) { _, _ in }
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

    @Test func `a file that says where an earlier server could be asked is gone before anything is read`() async throws
    {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "url")
        for arguments in [
            ["serve", "--account", "/nonexistent/account.yaml"], ["serve", "--fixtures", folder.path],
            ["record", "--upstream", "aws", "--out", folder.path],
        ] {
            try Data("http://127.0.0.1:1\n".utf8).write(to: file)
            let result = try await Program(name: "mock-iam").run(arguments + ["--ready-file", file.path])
            #expect(result.status == 1)
            #expect(!FileManager.default.fileExists(atPath: file.path), "\(arguments)")
        }
        // What isn't such a file is left alone.
        let other = folder.appending(path: "folder/file")
        try FileManager.default.createDirectory(
            at: other.deletingLastPathComponent(), withIntermediateDirectories: false)
        try Data().write(to: other)
        let result = try await Program(name: "mock-iam").run(
            ["serve", "--generate", "users=1", "--ready-file", other.deletingLastPathComponent().path])
        #expect(result.status == 1)
        #expect(FileManager.default.fileExists(atPath: other.path))
    }

    /// For root it would be gone, for everybody.
    @Test func `a device or a pipe isn't replaced by a file`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let (pipe, link) = (folder.appending(path: "pipe"), folder.appending(path: "link"))
        #expect(unsafe mkfifo(pipe.path, 0o600) == 0)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: pipe)
        for path in [pipe.path, link.path] {
            let result = try await Program(name: "mock-iam").run(
                ["serve", "--generate", "users=1", "--ready-file", path])
            #expect(result.status == 1)
            #expect(
                result.errors.hasSuffix(
                    "Error: can't write \(path): something else than a file is there; name another one\n"),
                "\(result.errors)")
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.type] as? FileAttributeType != .typeRegular)
        }
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

    @Test func `a key stands in one account only, whatever files they come from`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["111122223333", "444455556666"].map { id in (id, folder.appending(path: "\(id).yaml")) }
        for (id, file) in files {
            let text = "account: \"\(id)\"\nusers: [{name: a, created: 1d ago, keys: [{id: AKIAEXAMPLE000000001}]}]\n"
            try Data(text.utf8).write(to: file)
        }
        // If it served them after all, it would end where it can't write.
        let result = try await Program(name: "mock-iam").run(
            ["serve", "--ready-file", "/nonexistent/x"] + files.flatMap { ["--account", $0.1.path] })
        #expect(result.status == 64)
        #expect(
            result.errors.contains(
                "Access key AKIAEXAMPLE000000001 is in account 111122223333 and in account 444455556666"),
            "\(result.errors)")
    }

    @Test func `two accounts of one number are told how to get another`() async throws {
        let program = Program(name: "mock-iam")
        // If it served them after all, it would end where it can't write.
        let arguments = ["serve", "--ready-file", "/nonexistent/x", "--generate", "users=1", "--generate"]
        let twice = try await program.run(arguments + ["users=2"])
        #expect(twice.status == 64)
        #expect(
            twice.errors.contains("Account 111122223333 comes more than once") && twice.errors.contains("account="),
            "\(twice.errors)")
        let other = try await program.run(arguments + ["users=2,account=444455556666"])
        #expect(other.status == 1 && other.errors.contains("can't write /nonexistent/x"), "\(other.errors)")
        let help = try await program.run(["serve", "--help"]).output.split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        #expect(help.contains("from clock=2026-11-22T20:45:00Z, or else from the machine's time."))
    }

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
