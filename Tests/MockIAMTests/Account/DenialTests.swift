import Foundation
@testable import MockIAM
import Testing

/// As AWS's live answers word it.
@Suite("What a denial says")
struct DenialTests {
    private static let user = SigningKey(id: "AKIADENIED0000000000", secret: "s")
    private static let session = SigningKey(id: "AKIADENIED0000000001", secret: "s")
    private static let userARN = "arn:aws:iam::111122223333:user/ops/alice"
    private static let sessionARN = "arn:aws:sts::111122223333:assumed-role/Narrow/nightly"

    private static func account() -> MockIAM.Account {
        var account = MockIAM.Account.made(MockIAM.User("alice", path: "/ops/", created: .madeClock - 86_400))
        account.callers = [
            MockIAM.Caller(
                accessKeyID: user.id, secretAccessKey: user.secret, principal: "user/alice", denied: ["iam:*", "sts:*"]),
            MockIAM.Caller(
                accessKeyID: session.id, secretAccessKey: session.secret, principal: "assumed-role/Narrow/nightly",
                denied: ["iam:*", "sts:*"]),
        ]
        return account
    }

    private func denial(
        of action: String, _ parameters: [String: String] = [:], as key: SigningKey = user, ofSTS: Bool = false
    ) async throws -> String? {
        try await MockIAM.run(account: Self.account()) { server async throws in
            let answer = try await server.ask(
                action, parameters, version: ofSTS ? "2011-06-15" : "2010-05-08", as: key)
            #expect(answer.status == 403 && answer.code == "AccessDenied")
            return answer.message
        }
    }

    private static func because(_ action: String) -> String {
        " because no identity-based policy allows the \(action) action"
    }

    @Test("AssumeRole doesn't say whose policy is to blame")
    func assumeRole() async throws {
        let role = "arn:aws:iam::111122223333:role/Audit"
        #expect(
            try await denial(of: "AssumeRole", ["RoleArn": role, "RoleSessionName": "audit"], ofSTS: true)
                == "User: \(Self.userARN) is not authorized to perform: sts:AssumeRole on resource: \(role)")
    }

    @Test("GetAccessKeyInfo names no resource")
    func keyInfo() async throws {
        #expect(
            try await denial(of: "GetAccessKeyInfo", ["AccessKeyId": "AKIAEXAMPLE000000001"], ofSTS: true)
                == "User: \(Self.userARN) is not authorized to perform: sts:GetAccessKeyInfo"
                + Self.because("sts:GetAccessKeyInfo"))
    }

    @Test(
        "Who asks for its own lists without a name is called null and its name",
        arguments: [
            "ListAccessKeys", "ListMFADevices", "ListSigningCertificates", "ListSSHPublicKeys",
            "ListServiceSpecificCredentials",
        ])
    func ownLists(action: String) async throws {
        #expect(
            try await denial(of: action)
                == "User: \(Self.userARN) is not authorized to perform: iam:\(action) on resource: user nullalice"
                + Self.because("iam:\(action)"))
        #expect(try await denial(of: action, ["UserName": "BOB"])?.contains(" on resource: user BOB because") == true)
    }

    @Test("GetUser without a name is about the caller: a user, or a role's session by its name")
    func ownUser() async throws {
        #expect(
            try await denial(of: "GetUser")
                == "User: \(Self.userARN) is not authorized to perform: iam:GetUser on resource: user alice"
                + Self.because("iam:GetUser"))
        #expect(
            try await denial(of: "GetUser", as: Self.session)
                == "User: \(Self.sessionARN) is not authorized to perform: iam:GetUser on resource: user nightly"
                + Self.because("iam:GetUser"))
    }
}
