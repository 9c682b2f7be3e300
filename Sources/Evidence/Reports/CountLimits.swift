/// How large numbers in a bundle may be, and how many of them: calculating with more would trap, and nobody has counted it.
enum CountLimits {
    /// Beyond this nothing is counted, and no clock is off by as many seconds.
    private static let most: UInt = 1_000_000_000_000
    /// So many numbers: those by operation and error code are by far the most. Sums of them are numbers, too.
    private static let mostNumbers = 100_000

    /// - Parameter numbers: those of a completeness section.
    /// - Throws: `DecodingError` where one is larger, or there are more.
    static func check(_ numbers: [Int]) throws {
        guard numbers.count <= mostNumbers, numbers.allSatisfy({ $0.magnitude <= most }) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "the completeness section counts more than there can be"))
        }
    }
}
