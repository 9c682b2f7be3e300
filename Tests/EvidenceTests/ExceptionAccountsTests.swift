import CanonicalJSON
import Evidence
import FoundationEssentials
import StrictYAML
import Testing

/// Exceptions of several accounts in one list: a name may be somebody else's in another account.
@Suite struct ExceptionAccountsTests {
    private static let old = AccessKey.made(age: 100)
    /// The account of ``AccountSnapshot/made``.
    private static let here = AccountSnapshot.made().account.id
    private static let elsewhere = "444455556666"

    private func exception(_ accounts: [String], ticket: String = "SEC-1", expires: Int = -30) -> ControlException {
        var exception = ControlException.made(ticket: ticket, expires: expires)
        exception.accounts = accounts
        return exception
    }

    private func reading(_ accounts: String) throws -> ExceptionList {
        let text = """
            exceptions:
              - ticket: SEC-1
                subject: {user: ci-deploy}
                accounts: \(accounts)
                tests: [key-rotation]
                kind: accepted-risk
                owner: platform@example.com
                approver: ciso@example.com
                reason: r
                created: 2026-10-01
                expires: 2026-12-31
            """
        return try ExceptionList(reading: YAMLValue(parsing: text, file: "e.yaml"), terms: ExceptionTerms())
    }

    @Test func `it holds in its accounts and in no other`() throws {
        for (accounts, isExcused) in [
            ([], true), ([Self.here], true), ([Self.elsewhere, Self.here], true), ([Self.elsewhere], false),
        ] {
            let assessment = try Assessment.made(keys: [Self.old], exceptions: [exception(accounts)])
            #expect(assessment.keys[0].isExcused == isExcused, "\(accounts)")
            #expect(assessment.hasOpenFailures(of: .keyRotation) == !isExcused)
        }
    }

    @Test func `elsewhere nothing is said of it, and it isn't in the bundle`() throws {
        let assessment = try Assessment.made(
            keys: [Self.old],
            exceptions: [exception([Self.elsewhere], expires: 1), exception([Self.here], ticket: "OURS")])
        #expect(assessment.exceptionNotes.isEmpty)
        let file = try JSONValue(
            parsing: try #require(BundleDocuments.inMemory(assessment)[.exceptions]))
        #expect(file["exceptions"].array.map { $0["ticket"] } == [.string("OURS")])
        #expect(file["exceptions"][0]["accounts"].array == [.string(Self.here)])
        let none = try Assessment.made(keys: [Self.old], exceptions: [exception([Self.elsewhere])])
        #expect(BundleDocuments.inMemory(none)[.exceptions] == nil)
    }

    @Test func `two about the same subject in different accounts are no duplicates`() throws {
        let assessment = try Assessment.made(
            keys: [Self.old], exceptions: [exception([Self.elsewhere]), exception([Self.here], ticket: "OURS")])
        #expect(assessment.exceptionNotes.isEmpty)
    }

    @Test func `what is written reads back`() throws {
        let list = ExceptionList([exception([Self.here, "000000000001"]), exception([])])
        let read = try ExceptionList(
            reading: YAMLValue(parsing: String(decoding: list.file, as: UTF8.self), file: "exceptions.json"),
            terms: ExceptionTerms())
        #expect(read == list)
    }

    @Test func `account ids are twelve digits, quoted or not`() throws {
        #expect(
            try reading(#"["111122223333", 012345678901]"#).exceptions[0].accounts == ["111122223333", "012345678901"])
        let many = (0...1000).map { "\(100_000_000_000 + $0)" }.joined(separator: ", ")
        for (accounts, reason) in [
            ("[\(many)]", "an exception has at most 1000 accounts, and this one 1001"),
            ("[]", "at least one account id"), ("[prod]", "the id of an account, twelve digits"),
            ("[11112222333]", "the id of an account, twelve digits"),
            ("[111122223333, '111122223333']", "'111122223333' stands here twice"), ("111122223333", "a list"),
        ] {
            let error = #expect(throws: YAMLError.self) { try reading(accounts) }
            #expect(error?.reason.contains(reason) == true, "\(accounts): \(error?.reason ?? "")")
        }
    }
}
