package import FoundationEssentials

extension Date {
    /// Reads the date of HTTP's `Date` header, `Sun, 06 Nov 1994 08:49:37 GMT`; nil for anything else, older forms among
    /// it, which AWS doesn't send.
    ///
    /// Source: https://datatracker.ietf.org/doc/html/rfc9110#section-5.6.7
    package init?(httpDate text: String) {
        let words = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])),
            words[1].utf8.count == 2, words[3].utf8.count == 4
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        self.init(awsTimestamp: "\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }
}
