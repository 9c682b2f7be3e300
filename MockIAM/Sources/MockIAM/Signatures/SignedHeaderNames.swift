/// The list of headers that a signature says it covers, such as `content-type;host;x-amz-date`.
struct SignedHeaderNames {
    private let text: [UInt8]
    private let names: [ArraySlice<UInt8>]

    init(_ text: some Sequence<UInt8>) {
        self.text = Array(text)
        names = self.text.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    }

    /// Whether a header is on the list. Its name may be in any case; so may the list's, which AWS minds only later.
    func contains(_ name: some Collection<UInt8>) -> Bool {
        names.contains { signed in
            signed.count == name.count && zip(signed, name).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
        }
    }

    /// Whether the list is what AWS signs: lower case, in order, each name once.
    private var isCanonical: Bool {
        zip(names, names.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
            && names.allSatisfy { name in !name.isEmpty && name.allSatisfy { $0 == $0.lowercasedASCII } }
    }

    /// Appends the canonical headers, an empty line, and the list itself: values trimmed, spaces within as one,
    /// those of a repeated header joined by commas in the order of the wire.
    ///
    /// - Returns: false where the list is not canonical, or names a header that the message doesn't have. No
    ///   signature can be right then.
    func appendCanonical(of message: SignedMessage, to canonical: inout [UInt8]) -> Bool {
        guard isCanonical else { return false }
        for name in names {
            canonical += name
            var separator = UInt8(ascii: ":")
            for header in message.headers where header.name.utf8.isSpelled(name) {
                canonical.append(separator)
                canonical.appendFolded(header.value.utf8)
                separator = UInt8(ascii: ",")
            }
            guard separator == UInt8(ascii: ",") else { return false }
            canonical.append(UInt8(ascii: "\n"))
        }
        canonical.append(UInt8(ascii: "\n"))
        canonical += text
        return true
    }
}

extension [UInt8] {
    /// Appends a header's value, trimmed, with one space for each run of them. Tabs are spaces, as in AWS's SDKs.
    fileprivate mutating func appendFolded(_ value: String.UTF8View) {
        // Copied whole and then closed up in place: most values have nothing to fold, and tokens are long.
        let start = count
        self += value
        var end = start
        var isAfterSpace = false
        for index in start..<count {
            if self[index].isHeaderSpace {
                isAfterSpace = end > start
            } else {
                if isAfterSpace {
                    self[end] = UInt8(ascii: " ")
                    end += 1
                    isAfterSpace = false
                }
                self[end] = self[index]
                end += 1
            }
        }
        removeSubrange(end...)
    }
}
