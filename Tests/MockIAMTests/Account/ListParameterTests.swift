import Foundation
@testable import MockIAM
import Testing

/// As captures of IAM's live answers have it.
@Suite("Lists in requests")
struct ListParameterTests {
    private static let source = ["PolicySourceArn": "arn:aws:iam::111122223333:role/audit"]

    private func simulate(_ numbers: [String]) async throws -> RawAnswer {
        let actions = numbers.map { ("ActionNames.member.\($0)", "s3:GetObject") }
        return try await MockIAM.run(account: .made(users: 1)) { server async throws in
            try await server.ask("SimulatePrincipalPolicy", Self.source.merging(actions) { $1 })
        }
    }

    private static let sparse = "Excessively sparse input would skip"

    @Test(
        "A number that is none, or far beyond the last one, is malformed",
        arguments: [
            (["0"], "0 is not a valid index"), (["-1"], "Key -1 may not have a leading '-'"),
            (["+1"], "Start of list found where not expected"), (["one"], "Start of list found where not expected"),
            (["1.Key"], "Start of list found where not expected"),
            (["1.0"], "Two index elements may not occur back to back"), (["12"], "\(sparse) 11 list elements"),
            (["1", "12"], "\(sparse) 11 list elements"), (["22", "1"], "\(sparse) 21 list elements"),
            (["1", "22", "43"], "\(sparse) 21 list elements"),
            ((1...10).map { "\($0)" } + ["21"], "\(sparse) 11 list elements"), (["4294967296"], nil),
        ] as [([String], String?)])
    func malformed(numbers: [String], message: String?) async throws {
        let answer = try await simulate(numbers)
        #expect(answer.status == 400 && answer.code == "MalformedInput" && answer.message == message)
    }

    @Test("Leading zeros and any order are fine", arguments: [["01"], ["1"], ["2", "1"], ["0001", "00002"]])
    func allowed(numbers: [String]) async throws {
        let answer = try await simulate(numbers)
        #expect(answer.status == 200 && answer.values("EvalActionName").count == numbers.count)
    }

    @Test("A small gap is a member that keeps nothing of what is asked", arguments: [["2"], ["11"], ["1", "8", "15"]])
    func gaps(numbers: [String]) async throws {
        let answer = try await simulate(numbers)
        #expect(answer.code == "ValidationError")
        #expect(
            answer.message
                == "1 validation error detected: Value at 'actionNames' failed to satisfy constraint: Member "
                + "must satisfy constraint: [Member must have length less than or equal to 128, Member must have length "
                + "greater than or equal to 3]")
    }

    @Test("A text is no list, and an empty one is an empty list")
    func text() async throws {
        try await MockIAM.run(account: .made(users: 1)) { server async throws in
            let details = "GetAccountAuthorizationDetails"
            let text = try await server.ask(details, ["Filter": "User"])
            #expect(text.status == 400 && text.code == "MalformedInput")
            #expect(try await server.ask(details, ["Filter": ""]).status == 200)
            #expect(try await server.ask(details, ["Filter.member.0": "User"]).message == "0 is not a valid index")
        }
    }

    private func assume(_ tags: [String: String]) async throws -> RawAnswer {
        let role = ["RoleArn": "arn:aws:iam::111122223333:role/audit", "RoleSessionName": "audit"]
        let parameters = role.merging(tags.map { ("Tags.member.\($0)", $1) }) { $1 }
        return try await MockIAM.run(account: .made(users: 1)) { server async throws in
            try await server.askSTS("AssumeRole", parameters)
        }
    }

    private static func missing(_ places: Int...) -> String {
        let fields = places.flatMap { ["tags.\($0).member.value", "tags.\($0).member.key"] }
        return "\(fields.count) validation errors detected: "
            + fields.map { "Value null at '\($0)' failed to satisfy constraint: Member must not be null" }
            .joined(separator: "; ")
    }

    @Test(
        "Structures that are missing between others miss all their members, and no more than ten failures are told",
        arguments: [
            (["2.Key": "a", "2.Value": "b"], missing(1)), (["3.Key": "a", "3.Value": "b"], missing(1, 2)),
            (["11.Key": "a", "11.Value": "b"], missing(1, 2, 3, 4, 5)),
            (["1.Key": "a", "1.Value": "b", "3.Key": "c", "3.Value": "d"], missing(2)),
            (["+1.Key": "a", "+1.Value": "b"], missing(1)), (["one.Key": "a", "one.Value": "b"], missing(1)),
            (["0.Key": "a"], "0 is not a valid index"), (["49.Key": "a"], "\(sparse) 48 list elements"),
            (["-1.Key": "a"], "Key -1 may not have a leading '-'"),
            (["1.0.Key": "a"], "Two index elements may not occur back to back"),
        ])
    func wrongStructures(tags: [String: String], message: String) async throws {
        #expect(try await assume(tags).message == message)
    }

    @Test(
        "Other members, and numbers that are written in two ways, do no harm",
        arguments: [
            ["1.Key": "a", "1.Value": "b", "1.Colour": "c"], ["01.Key": "a", "1.Value": "b"],
            ["1.Key": "a", "1.Value": ""],
        ])
    func rightStructures(tags: [String: String]) async throws {
        #expect(try await assume(tags).status == 200)
    }
}
