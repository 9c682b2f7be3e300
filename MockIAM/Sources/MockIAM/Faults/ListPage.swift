import NIOCore

/// A page of a list, as an answer holds it: `…Result` with `IsTruncated`, `Marker` and lists of `member`.
struct ListPage {
    private let tokens: [(token: XMLDocument.Token, source: Substring)]
    /// The elements of the result, outermost first.
    private let elements: [Element]
    private let result: Element

    private struct Element {
        /// The names from the root down to this one.
        var path: [String]
        /// Its tokens, tags and all.
        var range: Range<Int>

        var name: String { path.last ?? "" }
    }

    /// Nil for what is no page of a list: an error, a single thing, or not XML.
    init?(_ answer: Answer) {
        guard answer.status == 200, let document = XMLDocument(String(buffer: answer.body)) else { return nil }
        tokens = document.tokens
        elements = Self.elements(of: tokens)
        guard let result = elements.first(where: { $0.path.count == 2 && $0.name.hasSuffix("Result") }),
            elements.contains(where: { $0.path.count == 3 && $0.name == "IsTruncated" })
        else { return nil }
        self.result = result
    }

    /// The page with its fault.
    func altered(by fault: BodyFaults.PageFault) -> ByteBuffer {
        var unwanted = elements.filter { $0.path.count == 3 && ["IsTruncated", "Marker"].contains($0.name) }
        if fault.kind == .empty { unwanted += elements.filter { $0.path.count == 4 && $0.name == "member" } }
        let marker = fault.kind == .missing ? "" : "<Marker>\(fault.place.marker)</Marker>"
        return text(without: unwanted, beginning: "<IsTruncated>true</IsTruncated>\(marker)")
    }

    /// The page without those who are gone; nil where it has none of them.
    func without(_ gone: MockIAM.FaultPlan.Vanishing) -> ByteBuffer? {
        let unwanted = elements.filter { element in
            element.path.count == 4 && element.name == "member"
                && (gone.user?.matches(text(of: "UserName", in: element)) == true
                    || gone.accessKey?.matches(text(of: "AccessKeyId", in: element)) == true)
        }
        return unwanted.isEmpty ? nil : text(without: unwanted)
    }

    /// The text of an element's child.
    private func text(of name: String, in parent: Element) -> String? {
        let child = elements.first {
            $0.name == name && $0.path.count == parent.path.count + 1 && parent.range.contains($0.range.lowerBound)
        }
        guard let child, child.range.count == 3, case .text(let text) = tokens[child.range.lowerBound + 1].token else {
            return nil
        }
        return text.withoutXMLEscapes
    }

    /// The document without some of its elements and the white space before them.
    ///
    /// - Parameter beginning: what comes first in the result.
    private func text(without unwanted: [Element], beginning: String = "") -> ByteBuffer {
        var text = ByteBuffer()
        var next = 0
        for element in unwanted.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            var end = element.range.lowerBound
            if end > next, case .text = tokens[end - 1].token { end -= 1 }
            write(next..<end, beginning, to: &text)
            next = element.range.upperBound
        }
        write(next..<tokens.count, beginning, to: &text)
        return text
    }

    private func write(_ range: Range<Int>, _ beginning: String, to text: inout ByteBuffer) {
        for index in range {
            text.writeSubstring(tokens[index].source)
            if index == result.range.lowerBound { text.writeString(beginning) }
        }
    }

    private static func elements(of tokens: [(token: XMLDocument.Token, source: Substring)]) -> [Element] {
        var elements: [Element] = []
        var open: [Int] = []
        var path: [String] = []
        for (index, (token, _)) in tokens.enumerated() {
            switch token {
            case .start(let name, _):
                path.append(name)
                open.append(elements.count)
                elements.append(Element(path: path, range: index..<index + 1))
            case .empty(let name, _):
                elements.append(Element(path: path + [name], range: index..<index + 1))
            case .end:
                path.removeLast()
                if let start = open.popLast() { elements[start].range = elements[start].range.lowerBound..<index + 1 }
            case .declaration, .text: break
            }
        }
        return elements
    }
}
