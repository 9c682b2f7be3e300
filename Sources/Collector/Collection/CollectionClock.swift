package import AWSClient
package import FoundationEssentials

/// The clocks of one collection.
package struct CollectionClock: Sendable {
    /// By how many seconds AWS lets a request's clock differ from its own.
    ///
    /// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html, RequestExpired.
    static let mostSkew: TimeInterval = 15 * 60

    package var now: @Sendable () -> Date
    /// The time since any fixed instant, which never goes back.
    package var uptime: @Sendable () -> Duration
    package var sleep: @Sendable (Duration) async throws -> Void
    /// When the run began, by AWS's clock.
    package var began: Date

    package init(_ clock: ClientClock, began: Date) {
        now = clock.now
        uptime = clock.uptime
        sleep = clock.sleep
        self.began = began
    }

    /// Whether an answer of this run can be of that time, by AWS's clock.
    func canAnswer(at date: Date) -> Bool { (began - Self.mostSkew...began + Self.longestRun).contains(date) }

    /// No run takes half a day.
    static let longestRun: TimeInterval = 43_200

    /// Whether what was created then may have been created while the run goes on: AWS's dates have whole seconds.
    func hadBegun(by created: Date) -> Bool { (began - 1...began + Self.longestRun).contains(created) }
}
