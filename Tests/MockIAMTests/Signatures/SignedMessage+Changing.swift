@testable import MockIAM

extension SignedMessage {
    func with(_ change: (inout SignedMessage) -> Void) -> SignedMessage {
        var copy = self
        change(&copy)
        return copy
    }

    /// What a message says, by the rules of HTTP, URLs and the signature's own header: messages with the same meaning
    /// may well have the same signature.
    func meaning(signed: [String]) -> [String] {
        let (path, query) = (String(Substring(path)), String(Substring(query)))
        let pairs = query.split(separator: "&").map { pair in
            pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { String($0).replacing("+", with: "%20").unescaped } + (pair.contains("=") ? [] : [[]])
        }
        let words = headers.map { header in
            (header.name.lowercased(), header.value.split { " \t\n\r".contains($0) }.joined(separator: " "))
        }
        let authorization = words.first { $0.0 == "authorization" }?.1.split { ", ".contains($0) } ?? []
        let relevant = words.filter { signed.contains($0.0) || $0.0.hasPrefix("x-amz-") }
        return [method] + path.steps + pairs.map { "\($0)" }.sorted() + ["\(body)"]
            + authorization.map(String.init).sorted()
            + signed.flatMap { name in relevant.filter { $0.0 == name }.map { "\(name): \($0.1)" } }
            + relevant.filter { !signed.contains($0.0) }.map { "\($0)" }
    }
}

extension String {
    /// The text with one byte replaced, for at most so many bytes all over it.
    func withBytesChanged(_ count: Int) -> [String] {
        let bytes = Array(utf8)
        return bytes.indices.spread(count).map { index in
            var changed = bytes
            changed[index] = changed[index] == UInt8(ascii: "Q") ? UInt8(ascii: "R") : UInt8(ascii: "Q")
            return String(decoding: changed, as: UTF8.self)
        }
    }

    /// Where a path leads, with what it starts and ends with.
    fileprivate var steps: [String] {
        var steps: [String] = []
        for step in split(separator: "/") where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(String(step)) }
        }
        let isFolder = steps.isEmpty || ["/", "/.", "/.."].contains { hasSuffix($0) }
        return [isEmpty || hasPrefix("/") ? "absolute" : "relative"] + steps + [isFolder ? "folder" : "file"]
    }

    /// The bytes that percent-encoded text stands for.
    fileprivate var unescaped: [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}

extension Range<Int> {
    /// At most so many numbers, evenly over the range.
    func spread(_ count: Int) -> some Sequence<Int> {
        stride(from: lowerBound, to: upperBound, by: Swift.max(1, (self.count + count - 1) / count))
    }
}
