import Foundation
import MockIAM
import Recording
import Testing

@Suite("Converting recordings")
struct ConversionTests {
    @Test(
        "A recording that went through a HAR document has the same bytes", arguments: ["demo-account", "clean-account"])
    func roundTrip(name: String) throws {
        let original = Array(try Data(contentsOf: BundledRecording.folder(name).appending(path: "exchanges.jsonl")))
        let document = MockIAM.Conversion.bytes(try BundledRecording.read(name), as: .har)
        let back = try MockIAM.HARImport(document)
        #expect(MockIAM.Conversion.bytes(back.recording, as: .jsonLines) == original)
        #expect(back.leftOut.isEmpty)
        #expect(back.recording.statedDigests == back.recording.exchanges.map { $0.response?.digest })
    }

    @Test("Bodies in files of their own are taken in, and the rest stays")
    func sideFiles() throws {
        let recording = try BundledRecording.read("partial-account")
        let back = try MockIAM.HARImport(MockIAM.Conversion.bytes(recording, as: .har)).recording
        #expect(back.exchanges == recording.exchanges)
        #expect(back.manifest == recording.manifest)
        let lines = MockIAM.Conversion.bytes(back, as: .jsonLines)
        #expect(try RecordedExchanges(parsing: lines).exchanges == recording.exchanges)
    }

    @Test("Exchanges without an answer, with a binary one and with retries survive, too")
    func oddExchanges() throws {
        var silent = Exchange.recorded("ListUsers")
        silent.outcome = .noAnswer("reset")
        var binary = Exchange.recorded("ListUsers")
        binary.changeResponse { $0.body = [0xFF, 0x00, 0x3C] }
        (binary.sequence, binary.attempt) = (7, 2)
        let recording = RecordedExchanges(manifest: .recorded, exchanges: [silent, binary])
        let back = try MockIAM.HARImport(MockIAM.Conversion.bytes(recording, as: .har)).recording
        #expect(back.exchanges == [silent, binary])
    }

    @Test(
        "A strict reader of HAR finds all it asks for", arguments: ["demo-account", "clean-account", "partial-account"])
    func strictHAR(name: String) throws {
        let recording = try BundledRecording.read(name)
        let document = MockIAM.Conversion.bytes(recording, as: .har)
        let har = try JSONDecoder().decode(StrictHAR.self, from: Data(document))
        #expect(har.log.version == "1.2" && har.log.creator.name == "mock-iam")
        #expect(har.log.entries.count == recording.exchanges.count)
        for (entry, exchange) in zip(har.log.entries, recording.exchanges) {
            #expect(entry.time == entry.timings.send + entry.timings.wait + entry.timings.receive)
            #expect(entry.response.content.text == exchange.response.map { String(decoding: $0.body, as: UTF8.self) })
            #expect(entry.response.content.size == exchange.response?.body.count)
            #expect(entry.request.bodySize == exchange.request.body.count)
            #expect(entry.request.postData?.text == String(decoding: exchange.request.body, as: UTF8.self))
        }
    }

    @Test("No secret gets through, whatever the recording holds or calls it")
    func secrets() throws {
        var exchange = Exchange.recorded(
            "ListUsers", "Action=AssumeRole&ExternalId=hush", answer: "<SecretAccessKey>hush</SecretAccessKey>")
        exchange.request.headers = [Exchange.Header(name: "Authorization", value: "hush")]
        exchange.request.url = "https://hush@sts.amazonaws.com/?X-Amz-Signature=hush"
        let recording = RecordedExchanges(manifest: .recorded, exchanges: [exchange])
        for form in [MockIAM.Conversion.Form.har, .jsonLines] {
            let text = String(decoding: MockIAM.Conversion.bytes(recording, as: form), as: UTF8.self)
            #expect(!text.contains("hush"))
            #expect(text.contains("AssumeRole"))
        }
    }

    @Test("What loses its bodies is named, once")
    func bodiless() throws {
        var exchanges = [
            Exchange.recorded("ListUsers"), .recorded("AssumeRole"), .recorded("ListRoles"), .recorded("AssumeRole"),
        ]
        for index in exchanges.indices { exchanges[index].sequence = index + 1 }
        let recording = RecordedExchanges(manifest: .recorded, exchanges: exchanges)
        #expect(
            MockIAM.Conversion.bodiless(recording) == ["AssumeRole, exchanges 2, 4", "ListRoles, exchange 3"])
        let written = try RecordedExchanges(parsing: MockIAM.Conversion.bytes(recording, as: .jsonLines))
        #expect(MockIAM.Conversion.bodiless(written).isEmpty)
        #expect(MockIAM.Conversion.bodiless(try BundledRecording.read("demo-account")).isEmpty)
    }

    @Test("What a GET or a target asks for counts as well, not what the line calls it")
    func secretsByOtherWays() {
        var byURL = Exchange.recorded("GetCallerIdentity", "", answer: "<SecretAccessKey>hush</SecretAccessKey>")
        (byURL.request.method, byURL.request.url) = ("GET", "https://sts.amazonaws.com/?Action=AssumeRole&RoleArn=hush")
        var byTarget = Exchange.recorded("ListUsers", "{}", answer: "{\"SecretString\":\"hush\"}")
        byTarget.request.headers = [Exchange.Header(name: "X-Amz-Target", value: "secretsmanager.GetSecretValue")]
        let recording = RecordedExchanges(manifest: .recorded, exchanges: [byURL, byTarget])
        for form in [MockIAM.Conversion.Form.har, .jsonLines] {
            let text = String(decoding: MockIAM.Conversion.bytes(recording, as: form), as: UTF8.self)
            #expect(!text.contains("hush"))
        }
    }

    // MARK: Files

    @Test("The ending says in what form to write")
    func forms() {
        #expect(MockIAM.Conversion.Form(path: "a/b.HAR") == .har)
        #expect(MockIAM.Conversion.Form(path: "a/b.jsonl") == .jsonLines)
        #expect(MockIAM.Conversion.Form(path: "a/b") == .directory)
    }

    @Test("Each form is written and read again", arguments: ["out.har", "out.jsonl", "out/deeper"])
    func files(name: String) throws {
        try withFolder { folder in
            let recording = try BundledRecording.read("clean-account")
            let file = try MockIAM.Conversion.write(recording, to: "\(folder)/\(name)", force: false)
            #expect(file.hasSuffix(name.contains(".") ? name : "\(name)/exchanges.jsonl"))
            let read = try MockIAM.RecordedFile(reading: "\(folder)/\(name)")
            #expect(read.recording.exchanges == recording.exchanges)
            #expect(read.recording.manifest == recording.manifest)
            for force in [false, true] {
                if force { try MockIAM.Conversion.write(recording, to: "\(folder)/\(name)", force: true) }
                let attributes = try FileManager.default.attributesOfItem(atPath: file)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
        }
    }

    @Test("What is there stays, unless it is forced; and nothing is left beside it")
    func noOverwriting() throws {
        try withFolder { folder in
            let recording = RecordedExchanges(manifest: .recorded, exchanges: [.recorded("ListUsers")])
            let path = "\(folder)/out.jsonl"
            try Data("mine".utf8).write(to: URL(filePath: path))
            let error = try #require(throws: MockIAM.Conversion.OutputError.self) {
                try MockIAM.Conversion.write(recording, to: path, force: false)
            }
            #expect(error.description.contains("out.jsonl exists") && error.description.contains("--force"))
            #expect(try Data(contentsOf: URL(filePath: path)) == Data("mine".utf8))
            try MockIAM.Conversion.write(recording, to: path, force: true)
            #expect(try MockIAM.RecordedFile(reading: path).recording.exchanges.count == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.jsonl"])
        }
    }

    @Test("What is no file isn't replaced by one, even if it is forced")
    func noFile() throws {
        try withFolder { folder in
            let recording = RecordedExchanges(manifest: .recorded, exchanges: [.recorded("ListUsers")])
            let path = "\(folder)/out.har"
            #expect(unsafe mkfifo(path, 0o600) == 0)
            let error = try #require(throws: MockIAM.Conversion.OutputError.self) {
                try MockIAM.Conversion.write(recording, to: path, force: true)
            }
            #expect(error.description.contains("out.har is no file, and is left as it is"))
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.type] as? FileAttributeType != .typeRegular)
        }
    }

    @Test("A place that can't be written to is a clear error, and leaves nothing")
    func unwritable() throws {
        try withFolder { folder in
            let recording = RecordedExchanges(manifest: .recorded, exchanges: [.recorded("ListUsers")])
            for force in [false, true] {
                let error = try #require(throws: MockIAM.Conversion.OutputError.self) {
                    try MockIAM.Conversion.write(recording, to: "\(folder)/none/out.har", force: force)
                }
                #expect(
                    error.description.hasSuffix(
                        "/none/out.har can't be written: No such file or directory; is the folder there, and may you write "
                            + "in it?"))
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.isEmpty)
        }
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "MockIAMTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }
}
