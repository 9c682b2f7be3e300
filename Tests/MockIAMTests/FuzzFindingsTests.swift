import Testing

@Suite("What fuzzing found in the emulator")
struct FuzzFindingsTests {
    private func check(_ target: String, _ body: ([UInt8]) throws -> Void) throws {
        let inputs = try FuzzedInput.kept(for: target)
        #expect(inputs.count > 10)
        for input in inputs {
            #expect(throws: Never.self, "\(input)") { try body(input.bytes) }
        }
    }

    @Test("Requests: each input that is kept gets an answer that is HTTP, XML and JSON")
    func requests() throws {
        try check("requests", FuzzedRequests.shared.try)
    }

    @Test("Files: each input that is kept is refused, or is the same when it is written and read again")
    func files() throws {
        try check("files", FuzzedFiles.try)
    }

    @Test("Recordings: each input that is kept is refused, or can be written, anonymized, listed and replayed")
    func recordings() throws {
        try check("recordings", FuzzedRecordings.try)
    }
}
