import Foundation
@testable import MockIAM
import Testing

@Suite("Web identities")
struct WebIdentityTests {
    /// - Parameter claims: as JSON; what isn't given is as it should be.
    private func token(_ claims: [String: String] = [:], without missing: String? = nil) -> String {
        let all = [
            "iss": #""https://issuer.example""#, "sub": #""system:pod""#, "aud": #""sts.amazonaws.com""#,
            "iat": "1600000000", "exp": "4102444800",
        ].merging(claims) { $1 }.filter { $0.key != missing }
        let text = "{\(all.map { "\"\($0)\":\($1)" }.joined(separator: ","))}"
        let payload = Data(text.utf8).base64EncodedString()
            .replacing("=", with: "").replacing("+", with: "-").replacing("/", with: "_")
        return "e30.\(payload).c2ln"
    }

    private func ask(
        _ server: MockIAM.Server, _ token: String, _ role: String = "arn:aws:iam::111122223333:role/pod"
    ) async throws -> RawAnswer {
        let form =
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=pod&RoleArn=\(role)"
            + "&WebIdentityToken=\(token)"
        return try await RawConnection.open(to: server) { connection in
            try await connection.send(.post(form))
            return try #require(try await connection.answer())
        }
    }

    private func key(_ answer: RawAnswer) throws -> SigningKey {
        SigningKey(
            id: try #require(answer.values("AccessKeyId").first),
            secret: try #require(answer.values("SecretAccessKey").first),
            token: answer.values("SessionToken").first)
    }

    @Test("An OpenID token gets a role without a signature")
    func webIdentity() async throws {
        var trusting = MockIAM.Account.made(users: 0, id: "444455556666")
        trusting.roles = [
            MockIAM.Role("Pods", trusts: ["arn:aws:iam::444455556666:oidc-provider/issuer.example/id/1"]),
            MockIAM.Role("People", trusts: ["111122223333"]), MockIAM.Role("Anybody"),
        ]
        try await MockIAM.run(accounts: [.made(users: 1), trusting]) { server async throws in
            let good = try await ask(server, token())
            #expect(good.values("SubjectFromWebIdentityToken") == ["system:pod"])
            #expect(try await server.ask("ListUsers", as: key(good)).status == 200)
            #expect(good.values("Audience") == ["sts.amazonaws.com"])
            #expect(good.values("Provider") == ["arn:aws:iam::111122223333:oidc-provider/issuer.example"])
            // As Kubernetes makes them.
            let several = try await ask(server, token(["aud": #"["sts.amazonaws.com","other"]"#]))
            #expect(several.status == 200 && several.values("Audience") == ["sts.amazonaws.com"])
            #expect(several.values("PackedPolicySize").isEmpty)
            let limited = try await ask(server, token() + "&Policy=%7B%7D")
            #expect(limited.values("PackedPolicySize") == ["1"])
            for claim in ["iss", "sub", "aud", "iat", "exp"] {
                let incomplete = try await ask(server, token(without: claim))
                #expect(incomplete.status == 400 && incomplete.code == "InvalidIdentityToken")
                #expect(incomplete.message == "Missing a required claim: \(claim)")
            }
            #expect(try await ask(server, token(["aud": "[]"])).message == "Missing a required claim: aud")
            #expect(try await ask(server, token(["aud": "{}"])).code == "InvalidIdentityToken")
            for (role, issuer, status) in [
                ("Pods", "https://issuer.example/id/1", 200), ("Pods", "https://issuer.example/id/2", 403),
                ("Pods", "https://ISSUER.example/id/1", 403), ("People", "https://issuer.example/id/1", 403),
                ("Anybody", "https://issuer.example/id/1", 200), ("Nobody", "https://issuer.example/id/1", 403),
            ] {
                let answer = try await ask(
                    server, token(["iss": "\"\(issuer)\""]), "arn:aws:iam::444455556666:role/\(role)")
                #expect(answer.status == status, "\(role) \(issuer)")
                guard status == 403 else {
                    #expect(
                        answer.values("Provider") == ["arn:aws:iam::444455556666:oidc-provider/issuer.example/id/1"])
                    continue
                }
                #expect(answer.code == "AccessDenied")
                #expect(answer.message == "Not authorized to perform sts:AssumeRoleWithWebIdentity")
            }
            #expect(try await ask(server, "nonsense").code == "InvalidIdentityToken")
            #expect(try await ask(server, token(["exp": "1"])).code == "ExpiredTokenException")
            // JSON has numbers that no integer holds.
            let ancient = try await ask(server, token(["exp": "-1e300"]))
            #expect(ancient.code == "ExpiredTokenException")
            #expect(ancient.message?.hasSuffix("must be before the expiration date/time -1e+300") == true)
            #expect(try await ask(server, token(["exp": "1e300"])).status == 200)
            #expect(
                try await ask(server, token(["iss": #""https://unreachable.example""#])).code == "IDPCommunicationError"
            )
        }
    }
}
