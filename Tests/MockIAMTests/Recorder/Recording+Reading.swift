import FoundationEssentials
import Recording

/// A bundled fixture with its manifest, side files read.
enum BundledRecording {
    static func read(_ name: String) throws -> RecordedExchanges {
        let folder = folder(name)
        return try RecordedExchanges(parsing: try Data(contentsOf: folder.appending(path: "exchanges.jsonl"))) {
            Array(try Data(contentsOf: folder.appending(path: $0)))
        }
    }

    static func folder(_ name: String) -> URL {
        URL(filePath: #filePath).appending(path: "../../../../MockIAM/Fixtures/\(name)").standardizedFileURL
    }
}

extension Exchange {
    /// A recorded exchange in which nothing is special but what a test says.
    static func recorded(
        _ operation: String, _ form: String? = nil, status: Int = 200, answer: String = "<A/>"
    ) -> Exchange {
        let form = form ?? "Action=\(operation)&Version=2010-05-08"
        return Exchange(
            sequence: 1, operation: operation, started: .recorded,
            request: Request(
                url: "https://iam.amazonaws.com/", body: Array(form.utf8)),
            outcome: .answer(Response(status: status, body: Array(answer.utf8))))
    }

    /// The texts of all elements of a name, found without the program's own scanner.
    func leaves(_ name: String) -> [String] {
        let body = String(decoding: response?.body ?? [], as: UTF8.self)
        return body.split(separator: "<\(name)>").dropFirst().map {
            String($0.prefix { $0 != "<" }).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
                .replacing("&apos;", with: "'").replacing("&amp;", with: "&")
        }
    }

    func parameters(_ name: String) -> [String] {
        FormParameter.parse(request.body).filter { $0.name == name }.map(\.value)
    }
}

extension Exchange.Response {
    /// The body without what stands between tags, white space aside.
    var skeleton: String {
        var skeleton = ""
        var isTag = false
        for character in String(decoding: body, as: UTF8.self) {
            if character == "<" { isTag = true }
            if isTag || character.isWhitespace { skeleton.append(character) }
            if character == ">" { isTag = false }
        }
        return skeleton.replacing(" ", with: "")
    }
}

extension RecordedExchanges {
    var bytes: [UInt8] {
        exchanges.reduce(into: RecordingWriter.line(manifest)) { $0 += RecordingWriter.line($1) }
    }

    func leaves(_ name: String, of operation: String) -> [String] {
        exchanges.filter { $0.operation == operation }.flatMap { $0.leaves(name) }
    }

    func parameters(_ name: String, of operation: String) -> [String] {
        exchanges.filter { $0.operation == operation }.flatMap { $0.parameters(name) }
    }

    /// What names the account: gathered from the answers by the names of their elements.
    var identifiers: Set<String> {
        var found: Set<String> = []
        for exchange in exchanges {
            for name in ["UserName", "UserId", "AccessKeyId", "Account", "Marker", "Arn", "RequestId"] {
                found.formUnion(exchange.leaves(name))
            }
            for arn in exchange.leaves("Arn") {
                found.formUnion(arn.split(separator: "/").dropFirst().map(String.init))
            }
            for id in exchange.leaves("UserId") { found.formUnion(id.split(separator: ":").map(String.init)) }
            for path in exchange.leaves("Path") { found.formUnion(path.split(separator: "/").map(String.init)) }
            found.formUnion(exchange.account.map { [$0] } ?? [])
        }
        // An everyday word as part of a path can't be told from the same word elsewhere.
        return found.subtracting(["", "service", "build"])
    }
}

/// Bytes in which many texts are looked for.
struct SearchableBytes {
    private let bytes: [UInt8]
    /// Where each run of four bytes begins.
    private var places: [UInt32: [Int]] = [:]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var run: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            run = run << 8 | UInt32(byte)
            if index >= 3 { places[run, default: []].append(index - 3) }
        }
    }

    /// Whether a text of four bytes or more stands in the bytes, as it is or in base64 anywhere within.
    func mention(_ text: String) -> Bool {
        if contain(text) || contain(text.replacing("/", with: "%2F").replacing("+", with: "%2B")) { return true }
        // However a text is placed in what is encoded, two thirds of it or more show in one of three forms.
        return (0..<3).contains { shift in
            let padded = Data((String(repeating: "x", count: shift) + text).utf8).base64EncodedString()
            let sure = padded.dropFirst(shift == 0 ? 0 : 4).dropLast(4)
            return sure.utf8.count >= 8 && contain(String(sure))
        }
    }

    private func contain(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        let run = wanted.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return (places[run] ?? []).contains { bytes[$0...].starts(with: wanted) }
    }
}

extension Date {
    /// 2026-11-22T20:45:00Z
    static let recorded = Date(timeIntervalSince1970: 1_795_380_300)
}

extension RecordingManifest {
    static let recorded = RecordingManifest(created: .recorded, account: "555566667777", tool: "test")
}
