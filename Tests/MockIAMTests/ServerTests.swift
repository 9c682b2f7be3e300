@testable import MockIAM
import Recording
import Testing

@Suite("The server")
struct ServerTests {
    private let fixture = MockIAM.Fixture.made([
        .made("Action=ListUsers&Version=2010-05-08", answer: "<users/>"),
        .made("Action=ListAccessKeys&UserName=a+b", answer: "<keys/>"),
    ])

    @Test("It listens on a free port of 127.0.0.1 and says where")
    func endpoint() async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            #expect(server.port > 0)
            #expect(server.endpointURL == "http://127.0.0.1:\(server.port)")
        }
    }

    @Test("It stops when the body ends, and the port is free again")
    func stops() async throws {
        let port = try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { $0.port }
        let again = try await MockIAM.run(fixture, options: MockIAM.Options(port: port)) { server in
            try await server.post("Action=ListUsers")?.body
        }
        #expect(again == "<users/>")
    }

    @Test("It stops when the body throws, and passes the error on")
    func bodyThrows() async throws {
        struct Mishap: Error {}
        await #expect(throws: Mishap.self) {
            try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { _ in throw Mishap() }
        }
    }

    @Test("It stops though a client still holds a connection open")
    func stopsWithOpenConnection() async throws {
        let answer = try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            try await RawConnection.open(to: server) { connection in
                try await connection.post("Action=ListUsers")
                return try await connection.answer()
            }
        }
        #expect(answer?.status == 200)
    }

    @Test("What it is answering when it is told to stop comes to its end, however large it is")
    func stopsGracefully() async throws {
        let body = String(repeating: "x", count: 32 << 20) + "the end"
        let large = MockIAM.Fixture.made([.made("Action=ListUsers", answer: body)])
        try await MockIAM.run(large, options: MockIAM.Options(authentication: .off)) { server in
            let view = try await WireClient.view(port: server.port, sending: .post("Action=ListUsers")) { _ in
                server.stop()
            }
            #expect(view.byteCount > body.utf8.count)
            #expect(view.text.hasSuffix("the end"))
            await server.drained()
        }
    }

    @Test("A large answer is whole though the connection ends with it")
    func largeLastAnswer() async throws {
        let body = String(repeating: "x", count: 32 << 20) + "the end"
        let large = MockIAM.Fixture.made([.made("Action=ListUsers", answer: body)])
        try await MockIAM.run(large, options: MockIAM.Options(authentication: .off)) { server in
            let view = try await WireClient.view(
                port: server.port, sending: .post("Action=ListUsers", headers: "Connection: close\r\n"))
            #expect(view.text.hasSuffix("the end"))
        }
    }

    @Test("It is drained when it has stopped and the last client is gone, not before")
    func drained() async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            try await RawConnection.open(to: server) { connection in
                // The server waits for the rest.
                try await connection.send(
                    "POST / HTTP/1.1\r\nHost: x\r\n\(String.formType)Content-Length: 16\r\nExpect: 100-continue\r\n\r\n"
                )
                #expect(try await connection.answer()?.status == 100)
                server.stop()
                #expect(server.connectionCount == 1)
                try await connection.send("Action=ListUsers")
                #expect(try await connection.answer()?.body == "<users/>")
                #expect(try await connection.answer() == nil)
            }
            await server.drained()
            #expect(server.connectionCount == 0)
        }
    }

    @Test("A port that is taken gives an error that says so")
    func portTaken() async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            let options = MockIAM.Options(port: server.port)
            let error = try await #require(throws: MockIAM.ListenError.self) {
                try await MockIAM.run(fixture, options: options) { _ in }
            }
            #expect(error.description.hasPrefix("can't listen on 127.0.0.1:\(server.port): the port is in use"))
        }
    }

    @Test("A port that no port can be gives an error, too", arguments: [-1, 65_536, Int.max])
    func portOutOfRange(port: Int) async throws {
        await #expect(throws: MockIAM.ListenError.self) {
            try await MockIAM.run(fixture, options: MockIAM.Options(port: port)) { _ in }
        }
    }

    @Test("One connection carries many requests")
    func keepAlive() async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            try await RawConnection.open(to: server) { connection in
                for _ in 0..<1000 {
                    try await connection.post("Action=ListUsers&Version=2010-05-08")
                    #expect(try await connection.answer()?.body == "<users/>")
                }
            }
            #expect(server.journal.served == 1000)
        }
    }

    @Test("Requests sent at once are answered in their order")
    func pipelining() async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            try await RawConnection.open(to: server) { connection in
                let get = "GET /?Action=ListUsers HTTP/1.1\r\nHost: x\r\n\r\n"
                try await connection.send(
                    get + "GET /?Action=ListAccessKeys&UserName=a+b HTTP/1.1\r\nHost: x\r\n\r\n" + get)
                for body in ["<users/>", "<keys/>", "<users/>"] {
                    #expect(try await connection.answer()?.body == body)
                }
            }
        }
    }

    @Test("Connections are served side by side")
    func concurrency() async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            try await withThrowingTaskGroup { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await RawConnection.open(to: server) { connection in
                            for _ in 0..<20 {
                                try await connection.post("Action=ListUsers")
                                #expect(try await connection.answer()?.status == 200)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.journal.counts == ["ListUsers": 1000])
        }
    }

    @Test("A connection that breaks off in mid-request disturbs nobody")
    func brokenConnection() async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            for beginning in ["", "POST / HT", "POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nAction=Li"] {
                try await RawConnection.open(to: server) { try await $0.send(beginning) }
            }
            let answer = try await server.post("Action=ListUsers")
            #expect(answer?.status == 200)
        }
    }

    @Test("A body of more than 1 MiB gets 413, and the connection ends", arguments: ["", "Expect: 100-continue\r\n"])
    func oversizedBody(header: String) async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            try await RawConnection.open(to: server) { connection in
                try await connection.post(
                    "Action=" + String(repeating: "x", count: HTTPRequest.bodyLimit), headers: header)
                var answer = try await connection.answer()
                if answer?.status == 100 { answer = try await connection.answer() }
                #expect(answer?.status == 413)
                #expect(answer?.headers["connection"] == "close")
                #expect(answer?.body.contains("<Code>RequestEntityTooLarge</Code>") == true)
                #expect(try await connection.answer() == nil)
            }
        }
    }

    @Test("A method that IAM doesn't take gets 405 with those that it takes")
    func otherMethods() async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            for method in ["PUT", "DELETE", "OPTIONS"] {
                try await RawConnection.open(to: server) { connection in
                    try await connection.send("\(method) / HTTP/1.1\r\nHost: x\r\n\r\n")
                    let answer = try await connection.answer()
                    #expect(answer?.status == 405)
                    #expect(answer?.headers["allow"] == "GET, HEAD, POST")
                }
            }
        }
    }

    @Test("What isn't HTTP gets 400")
    func notHTTP() async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            try await RawConnection.open(to: server) { connection in
                try await connection.send("EHLO example.org\r\n\r\n")
                #expect(try await connection.answer()?.status == 400)
            }
        }
    }

    @Test("GET takes the request from the query string, and a presigned one matches too")
    func get() async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            for signature in ["", "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=hush&x-amz-date=20261122T204500Z"]
            {
                try await RawConnection.open(to: server) { connection in
                    try await connection.send(
                        "GET /?Action=ListAccessKeys&UserName=a%20b\(signature) HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(try await connection.answer()?.body == "<keys/>")
                }
            }
            #expect(server.journal.entries.allSatisfy { $0.parameters == ["UserName": "a b"] })
        }
    }

    @Test("HEAD gets the length without the body")
    func head() async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            try await RawConnection.open(to: server) { connection in
                try await connection.send("HEAD /?Action=ListUsers HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await connection.answer(toHEAD: true)?.headers["content-length"] == "8")
                try await connection.post("Action=ListUsers")
                #expect(try await connection.answer()?.body == "<users/>")
            }
        }
    }

    @Test(
        "What is no request of the Query protocol gets AWS's kind of error",
        arguments: [
            ("PUT /?Action=ListUsers", 405, "MethodNotAllowed"), ("DELETE /", 405, "MethodNotAllowed"),
            ("GET /other?Action=ListUsers", 404, "UnknownOperationException"),
        ]
    )
    func refused(line: String, status: Int, code: String) async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            try await RawConnection.open(to: server) { connection in
                try await connection.send("\(line) HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
                let answer = try #require(try await connection.answer())
                #expect(answer.status == status)
                #expect(answer.body.contains("<Code>\(code)</Code>"))
            }
            #expect(server.journal.entries.map(\.outcome) == [.refused(code: code)])
            #expect(server.journal.unmatched.isEmpty)
        }
    }

    @Test(
        "What asks for nothing is shown to the page about IAM, without a word",
        arguments: [
            ("GET /", "", "", ""), ("GET /?Version=2011-06-15", "", "", "?Version=2011-06-15"),
            ("POST /", "", "Action=ListUsers", ""), ("POST /", "application/json", "Action=ListUsers", ""),
            ("POST /", "application/x-www-form-urlencoded", "Version=2010-05-08", ""),
            ("POST /", "application/x-www-form-urlencoded; charset=utf-8", "", ""),
        ])
    func nothingAsked(line: String, type: String, body: String, query: String) async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            try await RawConnection.open(to: server) { connection in
                let header = type.isEmpty ? "" : "Content-Type: \(type)\r\n"
                try await connection.send(
                    "\(line) HTTP/1.1\r\nHost: x\r\n\(header)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 302 && answer.body.isEmpty)
                #expect(answer.headers["location"] == "https://aws.amazon.com/iam\(query)")
                #expect(answer.headers["x-amzn-requestid"]?.isEmpty == false)
            }
            #expect(server.journal.entries.map(\.outcome) == [.refused(code: "MissingAction")])
        }
    }

    @Test("An action in the query is one, whatever the body is; a form's type may be in capitals")
    func actionElsewhere() async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            for (line, type) in [
                ("POST /?Action=ListUsers", "text/plain"), ("POST /", "Application/X-WWW-Form-URLEncoded ;charset=x"),
            ] {
                try await RawConnection.open(to: server) { connection in
                    let body = line.contains("Action") ? "Action=Nothing" : "Action=ListUsers"
                    try await connection.send(
                        "\(line) HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                    )
                    #expect(try await connection.answer()?.body == "<users/>")
                }
            }
        }
    }

    @Test(
        "A client that asks for the end of the connection gets it",
        arguments: ["HTTP/1.1\r\nConnection: close", "HTTP/1.0"])
    func connectionClose(version: String) async throws {
        try await MockIAM.run(fixture, options: MockIAM.Options(authentication: .off)) { server in
            try await RawConnection.open(to: server) { connection in
                try await connection.send("GET /?Action=ListUsers \(version)\r\nHost: x\r\n\r\n")
                #expect(try await connection.answer()?.headers["connection"] == "close")
                #expect(try await connection.answer() == nil)
            }
        }
    }
}
