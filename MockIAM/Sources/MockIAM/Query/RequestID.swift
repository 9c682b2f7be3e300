import FoundationEssentials

/// Request ids in the form of AWS's, and the same in every run.
enum RequestID {
    /// For a recorded answer that came without one.
    static func recorded(_ sequence: Int) -> String {
        make("8000", sequence)
    }

    /// For an answer of the emulator's own, by the number of the request.
    static func ownAnswer(_ number: Int) -> String {
        make("9000", number)
    }

    /// What STS's answers have besides in `x-amz-sts-extended-request-id`, in base64 as AWS's.
    static func extended(_ id: String) -> String {
        Data("mock-iam:\(id)".utf8).base64EncodedString()
    }

    /// `6d6f636b-6961-4d` is "mockiaM", so that nobody takes one for AWS's.
    private static func make(_ kind: String, _ number: Int) -> String {
        let digits = String(UInt64(max(number, 0)), radix: 16)
        return "6d6f636b-6961-4d00-\(kind)-" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }
}
