import Recording
import Testing

@Suite("Request keys")
struct RequestKeyTests {
    @Test("Order of parameters and version don't tell requests apart")
    func equal() {
        #expect(
            key("Action=ListUsers&Version=2010-05-08&MaxItems=5&Marker=m")
                == key("Marker=m&MaxItems=5&Action=ListUsers"))
        #expect(key("Action=ListUsers&A=2&A=1") == key("Action=ListUsers&A=1&A=2"))
    }

    @Test("A page has the size that is asked for, where IAM takes it")
    func pageSizes() {
        for (asked, size) in [("", 100), ("&MaxItems=1", 1), ("&MaxItems=1000", 1000)] {
            #expect(key("Action=ListUsers\(asked)")?.pageSize == size, "\(asked)")
        }
        for refused in ["0", "-1", "1001", "many", ""] {
            #expect(key("Action=ListUsers&MaxItems=\(refused)")?.pageSize == nil, "\(refused)")
        }
    }

    @Test(
        "Action, names, values and repetition do",
        arguments: ["Action=ListUser&A=1", "Action=ListUsers&a=1", "Action=ListUsers&A=2", "Action=ListUsers&A=1&A=1"]
    )
    func different(body: String) {
        #expect(key(body) != key("Action=ListUsers&A=1"))
    }

    @Test("What has no action is no request", arguments: ["", "Version=2010-05-08", "Action=", "action=ListUsers"])
    func noAction(body: String) {
        #expect(key(body) == nil)
    }

    @Test("A key reads as one would say it")
    func description() {
        #expect(
            key("Version=2010-05-08&UserName=ci-deploy&Action=ListAccessKeys")?.description
                == "ListAccessKeys UserName=ci-deploy")
    }

    @Test("The more two requests share, the more alike they are")
    func likeness() throws {
        let asked = try #require(key("Action=ListAccessKeys&UserName=a&MaxItems=5"))
        let fromUnlikeToLike = [
            "Action=ListUsers", "Action=listaccesskeys", "Action=ListAccessKeys&Other=1&One=2&And=3&More=4",
            "Action=ListAccessKeys&Other=1&One=2",
            "Action=ListAccessKeys&UserName=b", "Action=ListAccessKeys&UserName=a",
            "Action=ListAccessKeys&UserName=a&MaxItems=9", "Action=ListAccessKeys&UserName=a&MaxItems=5",
        ]
        let likenesses = try fromUnlikeToLike.map { asked.likeness(to: try #require(key($0))) }
        #expect(likenesses == likenesses.sorted())
        #expect(Set(likenesses).count == likenesses.count)
        #expect(likenesses.first == 0)
    }

    private func key(_ body: String) -> RequestKey? {
        RequestKey(formBody: body.utf8)
    }
}
