import PlainText

extension StringProtocol {
    /// Whether it is twelve digits, as the id of an AWS account is.
    var isAccountID: Bool {
        utf8.count == 12 && utf8.allSatisfy(\.isASCIIDigit)
    }
}
