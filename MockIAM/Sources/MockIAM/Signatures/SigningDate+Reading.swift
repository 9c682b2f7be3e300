import CanonicalJSON
import FoundationEssentials

extension SigningDate {
    /// Reads `20150830T123600Z`, or the extended form `2015-08-30T12:36:00Z`, which AWS accepts in a request although
    /// it signs the basic one (scratchstack-aws-signature, "AWS Auth Error Ordering", observed live).
    init?(iso text: String) {
        guard text.utf8.count == 16 else {
            self.init(extended: text)
            return
        }
        var extended: [UInt8] = []
        extended.reserveCapacity(20)
        for (index, byte) in text.utf8.enumerated() {
            if index == 4 || index == 6 { extended.append(UInt8(ascii: "-")) }
            if index == 11 || index == 13 { extended.append(UInt8(ascii: ":")) }
            extended.append(byte)
        }
        self.init(extended: String(decoding: extended, as: UTF8.self))
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, the form of HTTP's `Date` header, with `+0000` and `-0000` for GMT.
    init?(http text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].utf8.count == 4, parts[0].hasSuffix(","), parts[4].utf8.count == 8,
            ["GMT", "+0000", "-0000"].contains(parts[5]),
            let month = Date.monthNames.firstIndex(of: String(parts[2]))
        else { return nil }
        self.init(extended: "\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z")
    }

    /// From `2015-08-30T12:36:00Z`, with nothing left out and nothing more.
    private init?(extended text: String) {
        guard text.utf8.count == 20, let date = Date(iso8601Instant: text) else { return nil }
        self.init(date)
    }
}
