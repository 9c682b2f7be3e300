import Foundation
import MockIAM

extension MockIAM.Server {
    /// Asks IAM, or STS by `version`, over a connection of its own.
    func ask(
        _ action: String, _ parameters: [String: String] = [:], version: String = "2010-05-08",
        as key: SigningKey = .test
    ) async throws -> RawAnswer {
        let form = (["Action": action, "Version": version].merging(parameters) { $1 })
            .sorted { $0.key < $1.key }
            .map { "\($0.key)=\(Self.encoded($0.value))" }.joined(separator: "&")
        guard let answer = try await post(form, as: key) else { throw NoAnswer() }
        return answer
    }

    func askSTS(
        _ action: String, _ parameters: [String: String] = [:], as key: SigningKey = .test
    ) async throws -> RawAnswer {
        try await ask(action, parameters, version: "2011-06-15", as: key)
    }

    /// All pages of a list, each as its answer.
    func pages(
        _ action: String, _ parameters: [String: String] = [:], as key: SigningKey = .test
    ) async throws -> [RawAnswer] {
        var pages: [RawAnswer] = []
        var parameters = parameters
        while true {
            let page = try await ask(action, parameters, as: key)
            pages.append(page)
            guard page.status == 200, page.values("IsTruncated") == ["true"] else { return pages }
            parameters["Marker"] = page.values("Marker").first
        }
    }

    struct NoAnswer: Error {}

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            let isPlain = byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
            return isPlain ? String(character) : "%" + String(format: "%02X", byte)
        }.joined()
    }
}

extension RawAnswer {
    /// The texts of all elements of a name, unescaped as far as tests need it.
    func values(_ element: String) -> [String] {
        body.split(separator: "<\(element)>", omittingEmptySubsequences: false).dropFirst().map { part in
            String(part.prefix { $0 != "<" }).replacing("&apos;", with: "'").replacing("&quot;", with: "\"")
                .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        }
    }

    /// The code of an error.
    var code: String? { values("Code").first }
    /// The message of an error.
    var message: String? { values("Message").first }
}

extension MockIAM.Account {
    /// Users `user-00`, `user-01`, …, each with a key, judged at ``Foundation/Date/madeClock``.
    static func made(users count: Int, id: String = "111122223333") -> MockIAM.Account {
        MockIAM.Account(
            id: id, clock: .madeClock,
            users: (0..<count).map { number in
                let digits = number < 10 ? "0\(number)" : "\(number)"
                return MockIAM.User(
                    "user-\(digits)", path: number % 2 == 0 ? "/" : "/odd/", created: .madeClock - 86_400 * 400,
                    accessKeys: [
                        MockIAM.AccessKey("AKIA0000000000\(id.prefix(4))\(digits)", created: .madeClock - 86_400 * 90)
                    ])
            })
    }

    static func made(_ users: MockIAM.User...) -> MockIAM.Account {
        MockIAM.Account(clock: .madeClock, users: users)
    }
}
