import Evidence

// Tests write codes as reports have them.
extension ReadFailure.Code: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(rawValue: value) }
}
