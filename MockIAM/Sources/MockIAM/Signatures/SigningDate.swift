import CanonicalJSON
import FoundationEssentials

/// The instant of a signature, to the second, in the years 1 to 9999.
struct SigningDate: Hashable, Comparable {
    /// Since 1970, in UTC.
    let seconds: Int

    /// The first instant that AWS's dates can say, `00010101T000000Z`.
    static let first = SigningDate(seconds: .min)

    /// An instant; one beyond the years that AWS's dates can say becomes the nearest of them.
    init(seconds: Int) {
        self.seconds = min(max(seconds, -62_135_596_800), 253_402_300_799)
    }

    /// An instant; its fraction of a second is cut off.
    init(_ date: Date) {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        // Far beyond what can be said, and well within an Int.
        self.init(seconds: seconds.isNaN ? 0 : Int(min(max(seconds, -1e12), 1e12)))
    }

    /// The instant as Foundation knows it.
    var date: Date {
        Date(timeIntervalSince1970: Double(seconds))
    }

    /// `20150830T123600Z`
    var text: String {
        var text: [UInt8] = []
        text.reserveCapacity(16)
        for byte in date.instant.utf8 where byte != UInt8(ascii: "-") && byte != UInt8(ascii: ":") { text.append(byte) }
        return String(decoding: text, as: UTF8.self)
    }

    static func < (left: SigningDate, right: SigningDate) -> Bool {
        left.seconds < right.seconds
    }

    static func + (date: SigningDate, seconds: Int) -> SigningDate {
        SigningDate(seconds: date.seconds + seconds)
    }
}
