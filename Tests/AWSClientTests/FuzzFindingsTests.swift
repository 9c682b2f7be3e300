import Testing

@Suite("What fuzzing found in the client")
struct FuzzFindingsTests {
    @Test("Answers: each input that is kept is read or refused")
    func answers() throws {
        let inputs = try FuzzedInput.kept(for: "answers")
        #expect(inputs.count > 10)
        for input in inputs {
            #expect(throws: Never.self, "\(input)") { try FuzzedAnswers.try(input.bytes) }
        }
    }
}
