import Foundation
@testable import MockIAM
import Testing

@Suite("In which order a request is looked at")
struct CheckOrderTests {
    private static let key = SigningKey(id: "AKIADENIED0000000000", secret: "s")

    private static func account() -> MockIAM.Account {
        var account = MockIAM.Account.made(MockIAM.User("alice", created: .madeClock - 86_400))
        account.callers = [
            MockIAM.Caller(
                accessKeyID: key.id, secretAccessKey: key.secret, principal: "user/alice", denied: ["iam:*", "sts:*"])
        ]
        return account
    }

    struct Asked: Sendable, CustomTestStringConvertible {
        let action: String
        let parameters: [String: String]
        let code: String
        var isOfSTS = false

        var testDescription: String { "\(action) \(parameters) is \(code)" }
    }

    @Test(
        "What parameters look like comes before what one may do, and that before what they mean",
        arguments: [
            Asked(action: "ListUsers", parameters: ["MaxItems": "0"], code: "ValidationError"),
            Asked(action: "ListUsers", parameters: ["MaxItems": "x"], code: "MalformedInput"),
            Asked(action: "ListUsers", parameters: ["PathPrefix": "team"], code: "ValidationError"),
            Asked(action: "ListUserTags", parameters: [:], code: "ValidationError"),
            Asked(action: "GetUser", parameters: ["UserName": ""], code: "ValidationError"),
            Asked(action: "GetAccessKeyLastUsed", parameters: ["AccessKeyId": "short"], code: "ValidationError"),
            Asked(
                action: "AssumeRole",
                parameters: ["RoleArn": "arn:aws:iam::111122223333:role/a", "RoleSessionName": "a:b"],
                code: "ValidationError", isOfSTS: true),
            Asked(
                action: "GetAccessKeyInfo", parameters: ["AccessKeyId": "short"], code: "ValidationError", isOfSTS: true
            ),
            Asked(action: "ListUsers", parameters: ["Marker": "garbage"], code: "AccessDenied"),
            Asked(action: "GetUser", parameters: ["UserName": "nobody"], code: "AccessDenied"),
            Asked(
                action: "ListServiceSpecificCredentials", parameters: ["AllUsers": "true", "UserName": "alice"],
                code: "AccessDenied"),
            Asked(
                action: "SimulatePrincipalPolicy",
                parameters: [
                    "PolicySourceArn": "arn:aws:s3:::no-principal", "ActionNames.member.1": "iam:ListUsers",
                ], code: "AccessDenied"),
            Asked(
                action: "AssumeRole",
                parameters: ["RoleArn": "nothing-that-is-a-role", "RoleSessionName": "audit"], code: "AccessDenied",
                isOfSTS: true),
            Asked(
                action: "AssumeRole",
                parameters: [
                    "RoleArn": "arn:aws:iam::111122223333:role/a", "RoleSessionName": "audit", "Policy": "no JSON",
                ], code: "AccessDenied", isOfSTS: true),
        ])
    func parametersFirst(asked: Asked) async throws {
        try await MockIAM.run(account: Self.account()) { server async throws in
            let answer = try await server.ask(
                asked.action, asked.parameters, version: asked.isOfSTS ? "2011-06-15" : "2010-05-08", as: Self.key)
            #expect(answer.code == asked.code, "\(answer.message ?? "")")
        }
    }

    @Test("Who signed comes before everything that is said")
    func signatureFirst() async throws {
        try await MockIAM.run(account: Self.account()) { server async throws in
            let stranger = SigningKey(id: "AKIASTRANGER00000000", secret: "s")
            #expect(try await server.ask("ListUsers", ["MaxItems": "0"], as: stranger).code == "InvalidClientTokenId")
        }
    }
}
