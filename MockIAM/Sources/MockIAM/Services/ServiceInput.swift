import FoundationEssentials
import NIOCore
import NIOHTTP1
import Recording

/// What a request asks for: the members that are single values, from its query string or from its JSON body.
struct ServiceInput: Sendable, Equatable {
    enum Value: Sendable, Equatable {
        case text(String)
        case number(Double)
        /// An array, an object or a Boolean, which nothing here takes.
        case other
    }

    private let values: [String: Value]

    /// Nil for a body that isn't a JSON object.
    init?(_ request: HTTPRequest) {
        if request.method == .POST {
            self.init(json: request.body)
        } else {
            let parameters = FormParameter.parse(request.query.utf8)
            self.init(values: Dictionary(parameters.map { ($0.name, .text($0.value)) }) { first, _ in first })
        }
    }

    /// Nil for a body that isn't a JSON object. An empty one is an empty object to AWS's services.
    init?(json body: ByteBuffer) {
        let json = body.readableBytes == 0 ? Data("{}".utf8) : Data(body.readableBytesView)
        guard let values = try? JSONDecoder().decode([String: Value?].self, from: json) else { return nil }
        self.init(values: values.compactMapValues { $0 })
    }

    private init(values: [String: Value]) {
        self.values = values
    }

    /// All of them; nil where one isn't a single value.
    var members: [FormParameter]? {
        let members = values.keys.compactMap { name in
            description(of: name).map { FormParameter(name: name, value: $0) }
        }
        return members.count == values.count ? members : nil
    }

    /// The value of a member; nil where there is none of this name.
    subscript(name: String) -> Value? {
        values[name]
    }

    /// Nil where it isn't there, or isn't text.
    func text(_ name: String) -> String? {
        if case .text(let text) = values[name] { text } else { nil }
    }

    /// For the journal, and to tell requests apart; nil for what isn't a single value.
    func description(of name: String) -> String? {
        switch values[name] {
        case .text(let text): text
        case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
        case .other, nil: nil
        }
    }
}

extension ServiceInput.Value: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .other
        }
    }
}
