import Foundation
import MockIAM
import Testing

/// `keywitness collect` that is told to end while it reads, waits or publishes.
@Suite struct InterruptionCommandTests {
    /// The account's folder in an output folder of its own, and its lock, which others may hold.
    private struct Locked {
        let output: URL
        let account: URL
        private let lock: Int32

        init(in folder: URL) throws {
            output = folder.appending(path: "out")
            account = output.appending(path: "111122223333")
            try FileManager.default.createDirectory(at: account, withIntermediateDirectories: true)
            lock = unsafe open(account.appending(path: ".lock").path, O_RDWR | O_CREAT, 0o600)
        }

        func take() { #expect(flock(lock, LOCK_EX | LOCK_NB) == 0) }
        func release() { close(lock) }
    }

    /// Starts a scan of a user whose key's last use takes long to be told, and hands over what it says on standard error.
    /// It is killed if it doesn't end by itself.
    private func collecting(
        into locked: Locked, lastUseTakes latency: Duration = .seconds(600),
        _ body: (_ process: Process, _ server: MockIAM.Server, _ said: () throws -> String) async throws -> Void
    ) async throws -> String {
        // Who runs the tests may be under nohup.
        signal(SIGHUP, SIG_DFL)
        let folder = locked.output.deletingLastPathComponent()
        let errors = folder.appending(path: "err")
        func said() throws -> String { String(decoding: try Data(contentsOf: errors), as: UTF8.self) }
        let hangs = MockIAM.FaultPlan.Rule(
            match: MockIAM.FaultPlan.Match(action: "GetAccessKeyLastUsed"),
            latency: MockIAM.FaultPlan.Latency(fixed: latency))
        let key = MockIAM.AccessKey(
            "AKIAEXAMPLE000000001", created: .now - 86_400, lastUse: MockIAM.LastUse(.now - 3600))
        let account = MockIAM.Account(
            clock: .now, users: [MockIAM.User("robot", created: .now - 90_000, accessKeys: [key])])
        let options = MockIAM.Options(faults: MockIAM.FaultPlan(rules: [hangs]))
        try await MockIAM.run(account: account, options: options) { server in
            let process = try Program(name: "keywitness").process(
                [
                    "collect", "--source", "live", "--endpoint-url", server.endpointURL, "--output-dir",
                    locked.output.path,
                ],
                environment: ["HOME": folder.path, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"],
                output: folder.appending(path: "output"), errors: errors)
            try process.run()
            do {
                try await body(process, server, said)
                try await until("it has ended") { !process.isRunning }
            } catch {
                kill(process.processIdentifier, SIGKILL)
                throw error
            }
        }
        return try said()
    }

    /// Interrupts a scan, and lets it wait for the lock of its account's folder with what it has.
    private func collectingBehindLock(
        signal: Int32, _ body: (_ process: Process, _ account: URL) async throws -> Void
    ) async throws -> String {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let locked = try Locked(in: folder)
        defer { locked.release() }
        return try await collecting(into: locked) { process, server, said in
            try await until("it asks for the last use") {
                server.journal.counts["GetAccessKeyLastUsed"] == 1 || !process.isRunning
            }
            locked.take()
            kill(process.processIdentifier, signal)
            try await until("it says what it waits for") {
                try said().contains("Another run is publishing in \(locked.account.path); waiting for it.\n")
            }
            #expect(process.isRunning)
            try await body(process, locked.account)
        }
    }

    /// Looks again and again, for half a minute at most.
    private func until(_ what: String, _ isSo: () throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try !isSo() {
            try #require(ContinuousClock.now < deadline, "waited in vain until \(what)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `the second signal ends the run at once, and is what it ends by`(signal: Int32) async throws {
        let errors = try await collectingBehindLock(signal: signal) { process, account in
            // For the first second it is the same request.
            try await until("it has ended") {
                kill(process.processIdentifier, signal)
                return !process.isRunning
            }
            #expect(process.terminationReason == .uncaughtSignal)
            #expect(process.terminationStatus == signal)
            let left = try FileManager.default.contentsOfDirectory(atPath: account.path)
            #expect(left.allSatisfy { $0.hasPrefix(".") }, "\(left)")
        }
        #expect(errors.contains("Interrupt again to stop at once"))
    }

    @Test func `when everything is read, the first signal changes nothing`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let locked = try Locked(in: folder)
        let errors = try await collecting(into: locked, lastUseTakes: .seconds(4)) { process, server, said in
            try await until("it asks for the last use") {
                server.journal.counts["GetAccessKeyLastUsed"] == 1 || !process.isRunning
            }
            locked.take()
            try await until("it says what it waits for") {
                try said().contains("Another run is publishing in ") || !process.isRunning
            }
            kill(process.processIdentifier, SIGINT)
            try await until("it says so") { try said().contains("interrupted: ") || !process.isRunning }
            locked.release()
            try await until("it has ended") { !process.isRunning }
            #expect(process.terminationReason == .exit)
            #expect(process.terminationStatus == 0)
        }
        #expect(errors.contains("interrupted: everything was read, and the bundle is being published."), "\(errors)")
        let files = try FileManager.default.subpathsOfDirectory(atPath: locked.output.path)
        let report = try #require(files.first { $0.hasSuffix("/report.json") })
        let text = String(decoding: try Data(contentsOf: locked.output.appending(path: report)), as: UTF8.self)
        #expect(text.contains("\"complete\": true"))
    }

    @Test func `what goes wrong after a signal is said, and isn't taken for the interruption`() async throws {
        let errors = try await collectingBehindLock(signal: SIGINT) { process, account in
            // At once, as removing isn't: the lock would go before its folder, and be made anew.
            try FileManager.default.moveItem(
                at: account, to: account.deletingLastPathComponent().appending(path: "elsewhere"))
            try await until("it has ended") { !process.isRunning }
            #expect(process.terminationStatus == 1)
        }
        #expect(errors.contains("/111122223333/.lock: No such file or directory"), "\(errors)")
        #expect(!errors.contains("before anything was read"))
    }

    @Test func `before there is anything to publish, nobody waits for the lock after a signal`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let locked = try Locked(in: folder)
        defer { locked.release() }
        locked.take()
        let errors = try await collecting(into: locked) { process, server, said in
            try await until("it says what it waits for") {
                try said().contains("Another run is publishing in ") || !process.isRunning
            }
            kill(process.processIdentifier, SIGINT)
            try await until("it has ended") { !process.isRunning }
            #expect(process.terminationReason == .exit)
            #expect(process.terminationStatus == 1)
            #expect(server.journal.counts["ListUsers"] == nil)
        }
        #expect(errors.hasSuffix("error: interrupted before anything was read; there is no bundle.\n"), "\(errors)")
    }

    @Test func `a run that is interrupted before it knows the account says so`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let hangs = MockIAM.FaultPlan.Rule(latency: MockIAM.FaultPlan.Latency(fixed: .seconds(600)))
        let options = MockIAM.Options(faults: MockIAM.FaultPlan(rules: [hangs]))
        try await MockIAM.run(account: MockIAM.Account(clock: .now, users: []), options: options) { server in
            let errors = folder.appending(path: "err")
            let process = try Program(name: "keywitness").process(
                [
                    "collect", "--endpoint-url", server.endpointURL, "--output-dir", folder.appending(path: "out").path,
                ],
                environment: ["HOME": folder.path, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"],
                output: folder.appending(path: "output"), errors: errors)
            try process.run()
            try await until("it asks who it is") {
                server.journal.counts["GetCallerIdentity"] == 1 || !process.isRunning
            }
            kill(process.processIdentifier, SIGINT)
            try await until("it has ended") { !process.isRunning }
            #expect(process.terminationStatus == 1)
            let said = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
            #expect(said.hasSuffix("error: interrupted before anything was read; there is no bundle.\n"), "\(said)")
        }
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `the first signal ends the run with a bundle that says what is missing`(number: Int32) async throws {
        signal(SIGHUP, SIG_DFL)
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        // The account's second user has no answer: the run could not end by itself.
        let hangs = MockIAM.FaultPlan.Rule(
            match: MockIAM.FaultPlan.Match(action: "GetAccessKeyLastUsed"),
            latency: MockIAM.FaultPlan.Latency(fixed: .seconds(600)))
        let key = MockIAM.AccessKey("AKIAEXAMPLE000000001", created: .now - 86_400)
        let account = MockIAM.Account(
            clock: .now,
            users: [
                MockIAM.User("nobody", created: .now - 90_000),
                MockIAM.User("robot", created: .now - 90_000, accessKeys: [key]),
            ])
        let options = MockIAM.Options(faults: MockIAM.FaultPlan(rules: [hangs]))
        try await MockIAM.run(account: account, options: options) { server in
            let errors = folder.appending(path: "err")
            let process = try Program(name: "keywitness").process(
                [
                    "collect", "--source", "live", "--endpoint-url", server.endpointURL, "--output-dir",
                    folder.appending(path: "out").path,
                ],
                environment: ["HOME": folder.path, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"],
                output: folder.appending(path: "output"), errors: errors)
            try await withCheckedThrowingContinuation { (started: CheckedContinuation<Void, any Error>) in
                do {
                    try process.run()
                    started.resume()
                } catch { started.resume(throwing: error) }
            }
            while (server.journal.counts["ListAccessKeys"] ?? 0) < 2, process.isRunning {
                try await Task.sleep(for: .milliseconds(20))
            }
            kill(process.processIdentifier, number)
            // `timeout` signals the program, and at once its whole group: that is no second request.
            kill(process.processIdentifier, SIGTERM)
            while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
            #expect(process.terminationStatus == 4)
            #expect(process.terminationReason == .exit)
            let said = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
            #expect(said.contains("warning: interrupted: the bundle will say what was not read."))
            let files = try FileManager.default.subpathsOfDirectory(atPath: folder.appending(path: "out").path)
            let report = try #require(files.first { $0.hasSuffix("/report.json") })
            #expect(!files.contains { $0.contains(".stage") })
            let text = String(
                decoding: try Data(contentsOf: folder.appending(path: "out/\(report)")), as: UTF8.self)
            #expect(text.contains("\"code\":\"interrupted\""))
            #expect(text.contains("\"overall_status\": \"UNDETERMINED\""))
            // What it had come to follows from what it had been told.
            let bundle = folder.appending(path: "out/\(report)").deletingLastPathComponent().path
            let verified = try await Program(name: "keywitness").run(["verify", "--recompute", bundle])
            #expect(verified.status == 0, "\(verified.output)")
        }
    }

    /// Whom Ctrl-S or a full pipe has stopped can be ended all the same.
    @Test func `a signal is heard where nobody reads what is said`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let pipe = try FullPipe()
        let account = MockIAM.Account(clock: .now, users: [])
        try await MockIAM.run(account: account) { server in
            let process = try Program(name: "keywitness").process(
                [
                    "collect", "--endpoint-url", server.endpointURL, "--output-dir", folder.appending(path: "out").path,
                ],
                environment: ["HOME": folder.path, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"],
                output: folder.appending(path: "output"), errors: folder.appending(path: "err"))
            process.standardError = pipe.writing
            try process.run()
            defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
            try await until("it asks who it is") {
                server.journal.counts["GetCallerIdentity"] == 1 || !process.isRunning
            }
            try await until("it has ended") {
                kill(process.processIdentifier, SIGTERM)
                return !process.isRunning
            }
            #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGTERM)
        }
    }
}
