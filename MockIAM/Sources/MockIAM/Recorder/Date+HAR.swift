import FoundationEssentials

extension Date {
    /// Reads an ISO 8601 instant as HAR documents have it: `2026-11-22T20:45:00.123456+01:00`, with any number of
    /// digits of a fraction and `Z` or an offset with or without a colon; without either it is UTC. Nil for all else.
    init?(har text: String) {
        var rest = Substring(text)
        guard let year = rest.number(4), rest.take("-"), let month = rest.number(2), rest.take("-"),
            let day = rest.number(2), rest.take("T") || rest.take("t") || rest.take(" "),
            let hour = rest.number(2), rest.take(":"), let minute = rest.number(2)
        else { return nil }
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
        guard let offset = rest.offset(), rest.isEmpty, 1...12 ~= month, 1...31 ~= day, 0...23 ~= hour,
            0...59 ~= minute, 0..<61 ~= second
        else { return nil }
        var components = DateComponents()
        (components.year, components.month, components.day) = (year, month, day)
        (components.hour, components.minute, components.second) = (hour, minute, 0)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        // The calendar would take the 31st of June for the 1st of July.
        guard let date = calendar.date(from: components), calendar.component(.day, from: date) == day else {
            return nil
        }
        self = date.addingTimeInterval(second - Double(offset))
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

    /// In seconds.
    fileprivate mutating func offset() -> Int? {
        if isEmpty || take("Z") || take("z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = number(2) else { return nil }
        _ = take(":")
        guard let minutes = isEmpty ? 0 : number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
