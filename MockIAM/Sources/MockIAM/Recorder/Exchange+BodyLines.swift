import FoundationEssentials
import Recording

extension Exchange {
    /// The request and the answer in full, line by line, indented and decoded for reading.
    var bodyLines: [String] {
        var lines = ["> \(request.method.printable()) \(request.url.printable())"]
        let parameters = FormParameter.parse(request.body)
        if request.body.first == UInt8(ascii: "{") || parameters.contains(where: { $0.name == "Action" }) == false {
            lines += request.body.printableLines.map { "> \($0)" }
        } else {
            lines += parameters.map { "> \("\($0.name)=\($0.value)".printable(limit: .max))" }
        }
        guard let response else { return lines }
        return lines + response.bodyLines.map { "< \($0)" }
    }
}

extension Exchange.Response {
    fileprivate var bodyLines: [String] {
        guard let text = String(validating: body, as: UTF8.self), let document = XMLDocument(text) else {
            return body.printableLines
        }
        return document.indentedLines
    }
}

extension XMLDocument {
    /// An element a line, whatever the white space between them was; a credential report as the table that it is.
    var indentedLines: [String] {
        var lines: [String] = []
        var depth = 0
        var index = 0
        func append(_ text: String) {
            lines.append(String(repeating: "  ", count: depth) + text.printable(limit: .max))
        }
        while index < tokens.count {
            let (token, source) = tokens[index]
            switch token {
            case .declaration, .empty: append(String(source))
            case .start(let name, _):
                if index + 2 < tokens.count, case .text(let text) = tokens[index + 1].token,
                    case .end = tokens[index + 2].token
                {
                    if name == "Content", let rows = String(text).decodedReport {
                        append(String(source))
                        depth += 1
                        rows.forEach(append)
                        depth -= 1
                        append(String(tokens[index + 2].source))
                    } else {
                        append(String(source) + text + tokens[index + 2].source)
                    }
                    index += 2
                } else if index + 1 < tokens.count, case .end = tokens[index + 1].token {
                    append(String(source) + tokens[index + 1].source)
                    index += 1
                } else {
                    append(String(source))
                    depth += 1
                }
            case .end:
                depth -= 1
                append(String(source))
            case .text: break  // White space between elements.
            }
            index += 1
        }
        return lines
    }
}

extension String {
    /// The lines of a credential report that is written in base64; nil where this is none.
    fileprivate var decodedReport: [String]? {
        guard let data = Data(base64Encoded: self, options: .ignoreUnknownCharacters),
            let text = String(validating: data, as: UTF8.self), text.hasPrefix("user,")
        else { return nil }
        return text.split(whereSeparator: \.isNewline).map(String.init)
    }
}

extension [UInt8] {
    /// What isn't text is told by its length only.
    fileprivate var printableLines: [String] {
        guard let text = String(validating: self, as: UTF8.self) else { return ["(\(count) bytes that are no text)"] }
        return text.split(whereSeparator: \.isNewline).map { String($0).printable(limit: .max) }
    }
}
