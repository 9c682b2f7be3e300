import FoundationEssentials

/// Reads an account as a client would, one request after the other, with no more XML than a test needs.
enum AccountReader {
    static func read(_ connection: inout RawConnection) async throws -> (users: [String], keys: [String]) {
        _ = try await ask(&connection, "GetCallerIdentity", [:], version: "2011-06-15")
        let users = try await pages(&connection, "ListUsers", [:]).flatMap { values("UserName", in: $0) }
        var keys: [String] = []
        var mayHaveVanished = false
        for user in users {
            let pages = try await pages(&connection, "ListAccessKeys", ["UserName": user])
            mayHaveVanished = mayHaveVanished || pages.contains { $0.contains("<Code>NoSuchEntity</Code>") }
            let own = pages.flatMap { values("AccessKeyId", in: $0) }
            _ = try await ask(&connection, "GetLoginProfile", ["UserName": user])
            for key in own { _ = try await ask(&connection, "GetAccessKeyLastUsed", ["AccessKeyId": key]) }
            keys += own
        }
        _ = try await ask(&connection, "GetAccountSummary", [:])
        if try await ask(&connection, "GenerateCredentialReport", [:]).contains("<State>") {
            _ = try await ask(&connection, "GetCredentialReport", [:])
        }
        // Whoever was gone when asked about isn't listed any more.
        if mayHaveVanished { _ = try await pages(&connection, "ListUsers", [:]) }
        return (users, keys)
    }

    private static func pages(
        _ connection: inout RawConnection, _ action: String, _ parameters: [String: String]
    ) async throws -> [String] {
        var pages: [String] = []
        var parameters = parameters
        while true {
            let page = try await ask(&connection, action, parameters)
            pages.append(page)
            guard values("IsTruncated", in: page) == ["true"], let marker = values("Marker", in: page).first else {
                return pages
            }
            parameters["Marker"] = marker
        }
    }

    /// Asks once more when throttled.
    private static func ask(
        _ connection: inout RawConnection, _ action: String, _ parameters: [String: String],
        version: String = "2010-05-08"
    ) async throws -> String {
        let form = parameters.reduce(into: "Action=\(action)&Version=\(version)") { form, parameter in
            form += "&\(parameter.key)=\(percentEncoded(parameter.value))"
        }
        while true {
            try await connection.post(form)
            guard let answer = try await connection.answer() else { throw Closed() }
            if !answer.body.contains("<Code>Throttling</Code>") { return answer.body }
        }
    }

    struct Closed: Error {}

    private static func values(_ element: String, in xml: String) -> [String] {
        xml.split(separator: "<\(element)>").dropFirst().map { String($0.prefix { $0 != "<" }) }
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
