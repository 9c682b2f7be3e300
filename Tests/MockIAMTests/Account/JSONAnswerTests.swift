import Foundation
@testable import MockIAM
import Testing

@Suite("Answers in JSON")
struct JSONAnswerTests {
    private func ask(
        _ server: MockIAM.Server, _ form: String, accept: String = "application/json"
    ) async throws -> RawAnswer {
        try await RawConnection.open(to: server) { connection in
            try await connection.post(form, headers: "Accept: \(accept)\r\n")
            return try #require(try await connection.answer())
        }
    }

    private func object(_ answer: RawAnswer) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(answer.body.utf8))) as? [String: Any]
    }

    private static let identity = "Action=GetCallerIdentity&Version=2011-06-15"

    @Test("STS answers in JSON who accepts that")
    func identity() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            let answer = try await ask(server, Self.identity)
            #expect(answer.status == 200 && answer.headers["content-type"] == "application/json")
            let response = try #require(object(answer)?["GetCallerIdentityResponse"] as? [String: Any])
            let result = try #require(response["GetCallerIdentityResult"] as? [String: String])
            #expect(result.keys.sorted() == ["Account", "Arn", "UserId"])
            #expect(result["Account"] == "111122223333")
            #expect(result["Arn"] == "arn:aws:sts::111122223333:assumed-role/SecurityAudit/mock-iam")
            let metadata = try #require(response["ResponseMetadata"] as? [String: String])
            #expect(metadata["RequestId"] == answer.headers["x-amzn-requestid"])
        }
    }

    @Test("So it does with what is wrong")
    func error() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            let answer = try await ask(server, "Action=GetAccessKeyInfo&Version=2011-06-15")
            #expect(answer.status == 400)
            let whole = try #require(object(answer))
            #expect(whole.keys.sorted() == ["Error", "RequestId"])
            let error = try #require(whole["Error"] as? [String: String])
            #expect(error["Code"] == "ValidationError" && error["Type"] == "Sender")
            #expect(error["Message"]?.hasSuffix("Member must not be null") == true)
        }
    }

    @Test("Instants are seconds, and numbers are numbers")
    func numbers() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            let form =
                "Action=AssumeRole&Version=2011-06-15&RoleArn=arn:aws:iam::111122223333:role/a&RoleSessionName=audit"
                + "&Policy=%7B%7D"
            let response = try #require(object(try await ask(server, form))?["AssumeRoleResponse"] as? [String: Any])
            let result = try #require(response["AssumeRoleResult"] as? [String: Any])
            let credentials = try #require(result["Credentials"] as? [String: Any])
            let expiration = try #require(credentials["Expiration"] as? Double)
            #expect(abs(expiration - Date.now.timeIntervalSince1970 - 3600) < 600)
            #expect(result["PackedPolicySize"] as? Int == 1)
        }
    }

    @Test("Others get XML, and IAM has nothing else")
    func xml() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            for (form, accept) in [
                (Self.identity, "*/*"), (Self.identity, "text/xml"),
                ("Action=ListUsers&Version=2010-05-08", "application/json"),
            ] {
                let answer = try await ask(server, form, accept: accept)
                #expect(answer.status == 200 && answer.headers["content-type"] == "text/xml")
            }
        }
    }
}
