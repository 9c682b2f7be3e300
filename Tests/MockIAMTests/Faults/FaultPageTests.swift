import NIOCore
import Testing

@testable import MockIAM

@Suite("Faults of lists")
struct FaultPageTests {
    /// Asks as a client does that follows markers, from pages of one user each: a, b, c.
    ///
    /// - Returns: the users and markers of each answer, such as `a>m1`.
    private func walk(_ engine: FaultEngine, limit: Int = 8) -> [String] {
        var seen: [String] = []
        var marker: String?
        repeat {
            let query = FaultQuery.made("ListUsers", marker.map { ["Marker": $0] } ?? [:])
            let decision = engine.next(query)
            var answer: Answer
            switch decision.replacement {
            case .page(let body): answer = .xml(String(buffer: body))
            case .error(let error): return seen + [error.code]
            case nil:
                switch marker {
                case nil: answer = page("a", next: "m1")
                case "m1": answer = page("b", next: "m2")
                case "m2": answer = page("c", next: nil)
                default: return seen + ["invalid marker"]
                }
            }
            _ = engine.alter(&answer, by: decision)
            marker = answer.text.between("<Marker>", "</Marker>")
            let isTruncated = answer.text.between("<IsTruncated>", "</IsTruncated>") == "true"
            seen.append((answer.text.between("<UserName>", "</UserName>") ?? "-") + (marker.map { ">\($0)" } ?? ""))
            if isTruncated, marker == nil { return seen + ["more, but where?"] }
            if !isTruncated { return seen }
        } while seen.count < limit
        return seen + ["…"]
    }

    private func page(_ user: String, next marker: String?) -> Answer {
        let pagination = "<IsTruncated>\(marker != nil)</IsTruncated>" + (marker.map { "<Marker>\($0)</Marker>" } ?? "")
        return .xml(
            """
            <ListUsersResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListUsersResult>\
            <Users><member><UserName>\(user)</UserName></member></Users>\(pagination)\
            </ListUsersResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></ListUsersResponse>
            """)
    }

    @Test("Without a fault, the pages come as they are")
    func none() {
        #expect(walk(FaultEngine()) == ["a>m1", "b>m2", "c"])
    }

    @Test("A loop gives the same page under the same marker, without end")
    func loop() {
        let engine = FaultEngine(FaultRule(when: .after(1), marker: .loop))
        let again = "b>MockIAM-page-1"
        #expect(walk(engine) == ["a>m1"] + Array(repeating: again, count: 7) + ["…"])
    }

    @Test("A loop may begin on the only page, and may end")
    func loopOfOnePage() {
        let engine = FaultEngine(FaultRule(when: .from(3, to: 5), marker: .loop))
        let again = "c>MockIAM-page-1"
        #expect(walk(engine) == ["a>m1", "b>m2", again, again, again, "c"])
    }

    @Test("Duplicates: each page comes twice, and the list ends as it should")
    func duplicates() {
        let engine = FaultEngine(FaultRule(marker: .duplicate))
        #expect(
            walk(engine) == [
                "a>MockIAM-page-1", "a>m1", "b>MockIAM-page-2", "b>m2", "c>MockIAM-page-3", "c",
            ])
    }

    @Test("A single duplicate")
    func duplicate() {
        let engine = FaultEngine(FaultRule(when: .calls(2), marker: .duplicate))
        #expect(walk(engine) == ["a>m1", "b>MockIAM-page-1", "b>m2", "c"])
    }

    @Test("A marker that is missing: there is more, but nobody says where")
    func missing() {
        #expect(walk(FaultEngine(FaultRule(when: .calls(2), marker: .missing))) == ["a>m1", "b", "more, but where?"])
    }

    @Test("An empty page comes before each page, as AWS may do, and nothing is lost")
    func empty() {
        let engine = FaultEngine(FaultRule(marker: .empty))
        #expect(
            walk(engine) == [
                "->MockIAM-page-1", "a>m1", "->MockIAM-page-2", "b>m2", "->MockIAM-page-3", "c",
            ])
    }

    @Test("A page that isn't kept any more is asked of the emulator, and so is one from before a reset")
    func forgotten() {
        let engine = FaultEngine(FaultRule(marker: .duplicate))
        for _ in 0..<KeptPages.limit + 1 {
            var answer = page("a", next: nil)
            _ = engine.alter(&answer, by: engine.next(.made("ListUsers")))
        }
        func isKept(_ number: Int) -> Bool {
            engine.next(.made("ListUsers", ["Marker": "MockIAM-page-\(number)"])).replacement != nil
        }
        #expect([1, 2, KeptPages.limit + 1].map(isKept) == [false, true, true])
        engine.replace(engine.plan, at: .zero)
        #expect(!isKept(2))
    }

    @Test("What is no page of a list stays as it is, and the journal doesn't say otherwise")
    func notAList() {
        let engine = FaultEngine(FaultRule(marker: .loop))
        for text in [
            "<ErrorResponse><Error><Code>X</Code></Error></ErrorResponse>",
            "<GetUserResponse><GetUserResult><User/></GetUserResult></GetUserResponse>",
            "<ListUsersResponse><ListUsersResult><IsTruncated>false", "", "{}",
        ] {
            var answer = Answer.xml(text)
            #expect(engine.alter(&answer, by: engine.next()) == [])
            #expect(answer.text == text)
        }
        var failure = page("a", next: nil)
        failure = .xml(failure.text, status: 500)
        #expect(engine.alter(&failure, by: engine.next()) == [])
    }

    @Test("A recorded page keeps its layout but for what is changed")
    func layout() throws {
        let text = """
            <?xml version="1.0"?>
            <ListUsersResponse>
              <ListUsersResult>
                <IsTruncated>true</IsTruncated>
                <Users>
                  <member>
                    <UserName>a&amp;b</UserName>
                  </member>
                  <member>
                    <UserName>c</UserName>
                  </member>
                </Users>
                <Marker>m</Marker>
              </ListUsersResult>
            </ListUsersResponse>

            """
        let page = try #require(ListPage(.xml(text)))
        let expected = """
            <?xml version="1.0"?>
            <ListUsersResponse>
              <ListUsersResult>
                <IsTruncated>true</IsTruncated>
                <Users>
                  <member>
                    <UserName>c</UserName>
                  </member>
                </Users>
                <Marker>m</Marker>
              </ListUsersResult>
            </ListUsersResponse>

            """
        #expect(page.without(.init(user: "a&b")).map { String(buffer: $0) } == expected)
        #expect(page.without(.init(user: "d")) == nil)
    }

    @Test("Who is gone may be missing from lists, too")
    func vanishedFromLists() {
        let engine = FaultEngine(FaultRule(name: "gone", vanish: .init(user: "b*", fromLists: true)))
        var answer = page("b1", next: "m")
        #expect(engine.alter(&answer, by: engine.next()) == ["gone"])
        #expect(answer.text.contains("<Users></Users>"))
        answer = page("a", next: "m")
        #expect(engine.alter(&answer, by: engine.next()) == [])
        #expect(answer.text == page("a", next: "m").text)
    }

    @Test("Keys may be missing from lists")
    func vanishedKeys() {
        let engine = FaultEngine(FaultRule(vanish: .init(accessKey: "AKIA2", fromLists: true)))
        var answer = Answer.xml(
            """
            <R><ListAccessKeysResult><AccessKeyMetadata><member><AccessKeyId>AKIA1</AccessKeyId></member>\
            <member><AccessKeyId>AKIA2</AccessKeyId></member></AccessKeyMetadata><IsTruncated>false</IsTruncated>\
            </ListAccessKeysResult></R>
            """)
        _ = engine.alter(&answer, by: engine.next())
        #expect(answer.text.contains("AKIA1") && !answer.text.contains("AKIA2"))
    }
}

extension String {
    fileprivate func between(_ start: String, _ end: String) -> String? {
        guard let from = firstRange(of: start)?.upperBound, let to = self[from...].firstRange(of: end) else {
            return nil
        }
        return String(self[from..<to.lowerBound])
    }
}
