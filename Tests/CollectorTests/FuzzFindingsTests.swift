import Testing

struct FuzzFindingsTests {
    private func check(_ target: String, _ body: ([UInt8]) throws -> Void) throws {
        let inputs = try FuzzedInput.kept(for: target)
        #expect(inputs.count > 5)
        for input in inputs {
            #expect(throws: Never.self, "\(input)") { try body(input.bytes) }
        }
    }

    @Test func `each file of a bundle that is kept is refused, or comes to the same bytes again`() throws {
        try check("bundles", FuzzedBundles.try)
    }

    @Test func `each policy and list of exceptions that is kept is refused, or is the same when read again`() throws {
        try check("policies", FuzzedPolicies.try)
    }

    @Test func `each key, signature and timestamp that is kept is refused, or is the same when read again`() throws {
        try check("seals", FuzzedSeals.try)
    }
}
