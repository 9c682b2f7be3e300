import Evidence

extension ReadFailure.Code: ExpressibleByStringLiteral {
    /// As reports have it.
    public init(stringLiteral value: String) { self.init(rawValue: value) }
}
