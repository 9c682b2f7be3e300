import Foundation
import Logging
@testable import MockIAM
import Testing

/// As captures of live answers have it.
@Suite("Simulations")
struct SimulationTests {
    private static func account() -> MockIAM.Account {
        var account = MockIAM.Account.made(MockIAM.User("alice", path: "/team/", created: .madeClock - 60))
        account.roles = [MockIAM.Role("nightly", path: "/jobs/", denied: ["s3:Put*", "iam:*"])]
        return account
    }

    private static let role = "arn:aws:iam::111122223333:role/jobs/nightly"

    private func simulate(
        _ actions: [String], on resources: [String] = [], of source: String = role, pageSize: Int? = nil
    ) async throws -> [RawAnswer] {
        var parameters = ["PolicySourceArn": source]
        for (number, action) in actions.enumerated() { parameters["ActionNames.member.\(number + 1)"] = action }
        for (number, name) in resources.enumerated() { parameters["ResourceArns.member.\(number + 1)"] = name }
        if let pageSize { parameters["MaxItems"] = "\(pageSize)" }
        return try await MockIAM.run(account: Self.account()) { [parameters] server async throws in
            try await server.pages("SimulatePrincipalPolicy", parameters)
        }
    }

    private static let (bucket, other) = ("arn:aws:s3:::bucket/a", "arn:aws:s3:::bucket/b")
    private static let pattern = "arn:aws:s3:::${BucketName}/${KeyName}"

    @Test(
        "Each action has one result, and each resource one within it, over the ends of pages", arguments: [1, 2, 3, 9])
    func results(pageSize: Int) async throws {
        let actions = ["s3:GetObject", "s3:PutObject", "s3:GetObject"]
        let pages = try await simulate(actions, on: [Self.bucket, Self.other], pageSize: pageSize)
        #expect(pages.count == (3 + pageSize - 1) / pageSize)
        #expect(pages.flatMap { $0.values("EvalActionName") } == actions)
        #expect(pages.flatMap { $0.values("EvalDecision") } == ["allowed", "implicitDeny", "allowed"])
        #expect(
            pages.flatMap { $0.values("EvalResourceName") }
                == Array(repeating: [Self.pattern, Self.bucket, Self.other], count: 3).flatMap(\.self))
        #expect(
            pages.flatMap { $0.values("EvalResourceDecision") } == [
                "allowed", "allowed", "implicitDeny", "implicitDeny", "allowed", "allowed",
            ])
    }

    @Test("Policies that are handed in aren't evaluated, which the log says once")
    func policiesHandedIn() async throws {
        let lines = LoggedLines()
        var options = MockIAM.Options()
        options.logger = .init(label: "") { _ in RememberingLogHandler(lines: lines) }
        let asked = ["PolicySourceArn": Self.role, "ActionNames.member.1": "s3:GetObject"]
        try await MockIAM.run(account: Self.account(), options: options) { server async throws in
            #expect(try await server.ask("SimulatePrincipalPolicy", asked).status == 200)
            #expect(!lines.all.contains { $0.hasPrefix("warning ") })
            for more in [
                ["PolicyInputList.member.1": "{}", "CallerArn": Self.role], ["CallerArn": Self.role],
                ["CallerArn": Self.role],
                ["PermissionsBoundaryPolicyInputList.member.1": "{}"], ["ResourcePolicy": "{}"],
                ["ContextEntries.member.1.ContextKeyName": "aws:CurrentTime"],
            ] {
                #expect(try await server.ask("SimulatePrincipalPolicy", asked.merging(more) { $1 }).status == 200)
            }
        }
        let warnings = lines.all.filter { $0.hasPrefix("warning ") }
        #expect(
            warnings.map { String($0.prefix { $0 != ")" }) }
                == [
                    "PolicyInputList, CallerArn", "CallerArn", "PermissionsBoundaryPolicyInputList", "ResourcePolicy",
                    "ContextEntries",
                ].map { "warning SimulatePrincipalPolicy evaluates no policies (\($0)" })
    }

    @Test("Of one resource the result is about it, and of none about all, without a result of its own")
    func fewResources() async throws {
        let one = try await simulate(["s3:GetObject"], on: [Self.bucket])
        #expect(one.first?.values("EvalResourceName") == [Self.bucket, Self.bucket])
        let none = try await simulate(["s3:GetObject", "iam:CreateUser"])
        #expect(none.first?.values("EvalResourceName") == ["*", "*"])
        #expect(none.first?.values("EvalDecision") == ["allowed", "implicitDeny"])
        #expect(none.first?.body.contains("ResourceSpecificResults") == false)
        let others = try await simulate(["ec2:RunInstances", "sqs:SendMessage"], on: ["*", "arn:aws:ec2:::image/a"])
        #expect(
            others.first?.values("EvalResourceName").filter { $0.contains("$") || $0 == "*" } == [
                "arn:aws:ec2:${Region}:${Account}:${ResourceType}/${ResourcePath}", "*", "*", "*",
            ])
    }

    @Test(
        "Any text is an action, as it stands",
        arguments: [
            ("iam:CreateUser", "implicitDeny"), ("IAM:createuser", "implicitDeny"), ("iam:*", "implicitDeny"),
            ("s3:*", "allowed"), ("CreateUser", "allowed"), (":CreateUser", "allowed"), ("iam:", "implicitDeny"),
            ("***", "allowed"),
        ])
    func actions(action: String, decision: String) async throws {
        let answer = try await simulate(["s3:GetObject", action]).first
        #expect(answer?.values("EvalActionName") == ["s3:GetObject", action])
        #expect(answer?.values("EvalDecision").last == decision)
        #expect(try await simulate(["*"]).first?.code == "ValidationError")
    }

    @Test("What is no ARN is no resource", arguments: ["short", "14a050d4-021e-4efe-84bb-0871bf6d0fda", "arn:aws:s3"])
    func resources(name: String) async throws {
        let answer = try await simulate(["s3:GetObject"], on: ["*", name]).first
        #expect(answer?.status == 400 && answer?.code == "InvalidInput")
        #expect(answer?.message == "ResourceNames are not in a valid ARN format: \(name).")
        let empty = try await simulate(["s3:GetObject"], on: ["*", ""]).first
        #expect(empty?.code == "ValidationError" && empty?.message?.contains("'resourceArns'") == true)
    }

    @Test(
        "Whose policy is simulated is found by partition, account and name, whatever the path",
        arguments: [
            ("arn:aws:iam::111122223333:user/team/alice", nil), (role, nil),
            ("arn:aws:iam::111122223333:user/wrong/alice", nil), ("arn:aws:iam::111122223333:user/alice", nil),
            ("arn:aws:iam::111122223333:role/nightly", nil),
            ("arn:aws-cn:iam::111122223333:user/team/alice", "NoSuchEntity"),
            ("arn:aws:iam::444455556666:user/team/alice", "NoSuchEntity"),
            ("arn:aws:iam::111122223333:role/daily", "NoSuchEntity"),
            ("arn:aws:iam::111122223333:group/team", "NoSuchEntity"),
            ("arn:aws:sts::111122223333:assumed-role/nightly/a", "InvalidInput"),
            ("arn:aws:s3:::bucket/user/alice", "InvalidInput"),
        ])
    func principals(arn: String, code: String?) async throws {
        let answer = try await simulate(["s3:GetObject"], of: arn).first
        #expect(answer?.code == code)
        if code == "NoSuchEntity" { #expect(answer?.message == "Unable to retrieve specified IAM entity.") }
    }
}
