import FoundationEssentials

@testable import MockIAM

extension MockIAM.Server {
    /// A request over a connection of its own.
    ///
    /// - Parameter line: method and target: `GET /federation/credentials?…`.
    func request(
        _ line: String, headers: [String: String] = [:], body: String = ""
    ) async throws -> RawAnswer {
        var text = "\(line) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if !body.isEmpty { text += "Content-Length: \(body.utf8.count)\r\n" }
        text += "\r\n\(body)"
        let answer = try await RawConnection.open(to: self) { connection async throws in
            try await connection.send(text)
            return try await connection.answer()
        }
        guard let answer else { throw NoAnswer() }
        return answer
    }

    /// A request of Organizations, signed unless told otherwise.
    func organizations(
        _ operation: String, _ body: String = "{}", as key: SigningKey? = .test, service: String = "organizations",
        target: String = "AWSOrganizationsV20161128"
    ) async throws -> RawAnswer {
        var message = SignedMessage(
            method: "POST", target: "/",
            headers: [
                ("Host", "localhost"), ("Content-Type", "application/x-amz-json-1.1"),
                ("X-Amz-Target", "\(target).\(operation)"),
            ], body: Array(body.utf8))
        if let key {
            let signer = RequestSigner(
                accessKeyID: key.id, secret: key.secret, sessionToken: key.token, region: key.region, service: service)
            message = try signer.signed(message, at: key.date)
        }
        let headers = Dictionary(message.headers.filter { $0.name != "Host" }) { first, _ in first }
        return try await request("POST /", headers: headers, body: body)
    }
}

/// JSON as a test looks at it.
enum JSON: Decodable, Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case array([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let array = try? container.decode([JSON].self) {
            self = .array(array)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .number(Double(number)) }

    subscript(name: String) -> JSON? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
    var array: [JSON]? { if case .array(let array) = self { array } else { nil } }
    var names: [String]? { if case .object(let members) = self { members.keys.sorted() } else { nil } }
}

extension RawAnswer {
    /// The body as JSON; null where it is none.
    var json: JSON {
        (try? JSONDecoder().decode(JSON.self, from: Data(body.utf8))) ?? .null
    }
}
