import FoundationEssentials

extension Date {
    /// Reads when credentials end, as programs and people write it: ISO 8601 with a zone, in its basic form, too, without
    /// seconds, with a comma before their fractions, or with a space in the place of the T. AWS CLI takes all of that.
    init?(expiration text: String) {
        let form = /(\d{4})-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)/
        if let parts = text.wholeMatch(of: form)?.output {
            self.init(
                awsTimestamp: "\(parts.1)-\(parts.2)-\(parts.3)T\(parts.4):\(parts.5):\(parts.6 ?? "00")\(parts.7)")
        } else {
            self.init(awsTimestamp: text)
        }
    }

    /// An end that AWS set by its clock, by this machine's, which is looked at to see whether it has come.
    ///
    /// - Parameters:
    ///   - serverDate: what AWS's clock said when it set it; nil where the answer didn't tell.
    ///   - isOff: whether this machine's clock is known to be wrong. It is as well where what was issued a moment ago would
    ///     have ended already.
    func byClock(_ clock: ClientClock, serverDate: Date?, isOff: Bool = false) -> Date {
        let now = clock.now()
        guard isOff || self <= now, let serverDate, self > serverDate else { return self }
        return now + timeIntervalSince(serverDate)
    }
}
