/// What of an HTTP request a signature covers.
struct SignedMessage: Sendable {
    var method: String
    /// Path and query as on the wire.
    var target: String
    /// In the order of the wire; a name may come more than once.
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    init(method: String, target: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }
}

extension SignedMessage {
    /// The path as on the wire.
    var path: Substring.UTF8View {
        target.utf8.prefix { $0 != UInt8(ascii: "?") }
    }

    /// What follows the first question mark, as on the wire; empty where there is none.
    var query: Substring.UTF8View {
        target.utf8[path.endIndex...].dropFirst()
    }

    /// The first value of a header; its name is to be given in lower case.
    func header(_ name: String) -> String? {
        headers.first { $0.name.utf8.isSpelled(name.utf8) }?.value
    }
}

extension Collection<UInt8> {
    /// Whether these are the letters of a lower-case word, whatever their own case is.
    func isSpelled(_ lowercase: some Collection<UInt8>) -> Bool {
        guard count == lowercase.count else { return false }
        var letters = lowercase.makeIterator()
        return allSatisfy { $0.lowercasedASCII == letters.next() }
    }
}

extension UInt8 {
    var lowercasedASCII: UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self ? self | 0x20 : self
    }

    /// Space, tab and the line breaks, which separate words in a header.
    var isHeaderSpace: Bool {
        self == UInt8(ascii: " ") || 0x09...0x0D ~= self
    }
}
