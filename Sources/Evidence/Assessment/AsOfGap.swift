package import FoundationEssentials

/// Between the as-of instant and the calls, where it is too long: what AWS says of an account today isn't how it was a
/// month ago, and still less how it will be.
///
/// Users and keys that have been deleted since aren't listed, and a key that is Inactive now may have been Active. So
/// nothing passes at such an instant. What fails by dates that don't change fails all the same.
package struct AsOfGap: Sendable, Equatable {
    package let asOf: Date
    /// When AWS was asked, by its own clock: the beginning or the end of the run, whichever is nearer.
    package let asked: Date

    /// Facts may be of so much earlier or later than the instant at which they are judged: a night's run as of its evening.
    static let most: TimeInterval = 86_400

    /// - Parameter window: from when to when AWS was asked, by its own clock.
    /// - Returns: nil where it isn't too long.
    init?(asOf: Date, window: ClosedRange<Date>) {
        let nearest = min(max(asOf, window.lowerBound), window.upperBound)
        guard abs(nearest.timeIntervalSince(asOf)) > Self.most else { return nil }
        self.asOf = asOf
        asked = nearest
    }

    /// Whole days.
    package var days: Int { Int(abs(asked.timeIntervalSince(asOf)) / 86_400) }

    /// `AWS was asked at 2026-11-27T20:45:00Z, 5 days after the as-of instant`
    package var text: String {
        "AWS was asked at \(asked.iso8601), \(counted(days)) \(asked > asOf ? "after" : "before") the as-of instant"
    }

    /// In one sentence.
    var sentence: String {
        "\(text): which users and keys there \(asked > asOf ? "were" : "will be") then, and how, it didn't say."
    }

    /// That nothing passes.
    var reason: Reason { Reason(.asOf, observed: .text("undetermined: \(sentence)")) }
}

extension Classification {
    /// Without what may have been otherwise at the as-of instant.
    func doubted(by gap: AsOfGap?) -> Classification {
        guard let gap, let level else { return self }
        return .undetermined(atLeast: level, gap.reason)
    }
}

extension Verdict {
    /// Without what may have been otherwise at the as-of instant.
    func doubted(by gap: AsOfGap?) -> Verdict {
        guard let gap, conclusion == .satisfied else { return self }
        return Verdict(.undetermined, gap.reason)
    }
}
