import CanonicalJSON
import FoundationEssentials

extension Date {
    /// Reads an ISO 8601 instant as HAR documents have it: `2026-11-22T20:45:00.123456+01:00`, with any number of
    /// digits of a fraction and `Z` or an offset with or without a colon; without either it is UTC. Nil for all else.
    init?(har text: String) {
        let day = text.prefix(10)
        var rest = text.dropFirst(10)
        guard rest.take("T") || rest.take("t") || rest.take(" "),
            let minute = Date(iso8601Instant: "\(day)T\(rest.prefix(5)):00Z")
        else { return nil }
        rest = rest.dropFirst(5)
        var second = 0.0
        if rest.take(":") {
            guard let whole = rest.number(2) else { return nil }
            second = Double(whole)
            if rest.take(".") || rest.take(",") {
                let digits = rest.prefix { $0.isASCII && $0.isNumber }
                guard let fraction = Double("0.\(digits)"), !digits.isEmpty else { return nil }
                second += fraction
                rest = rest[digits.endIndex...]
            }
        }
        // 60 is a leap second.
        guard let offset = rest.offset(), rest.isEmpty, 0..<61 ~= second else { return nil }
        self = minute + (second - Double(offset))
    }
}

extension Substring {
    fileprivate mutating func take(_ character: Character) -> Bool {
        guard first == character else { return false }
        removeFirst()
        return true
    }

    fileprivate mutating func number(_ digits: Int) -> Int? {
        let text = prefix(digits)
        guard text.count == digits, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        removeFirst(digits)
        return Int(text)
    }

    /// An offset from UTC, in seconds.
    fileprivate mutating func offset() -> Int? {
        if isEmpty || take("Z") || take("z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = number(2) else { return nil }
        _ = take(":")
        guard let minutes = isEmpty ? 0 : number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
