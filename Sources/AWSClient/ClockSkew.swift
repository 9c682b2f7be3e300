import FoundationEssentials
import Synchronization

/// How far AWS's clock is from this machine's.
final class ClockSkew: Sendable {
    /// AWS takes a signature for 15 minutes around its clock; below this the clock isn't to blame.
    private static let tolerance: TimeInterval = 4 * 60

    private let seconds = Mutex<TimeInterval?>(nil)

    var correction: TimeInterval? {
        seconds.withLock { $0 }
    }

    /// Goes by the server's clock from now on, where a request was signed for a date that is far from it.
    ///
    /// Where a clock jumps in mid-scan, many requests are under way that were signed by it. The first refusal sets the
    /// clock right for all; the others, which were signed before that, have to be signed again all the same. That is
    /// decided by the request and its answer alone: a replay makes the same requests in another order, and has to
    /// come to the same decisions.
    ///
    /// - Parameters:
    ///   - signed: the date that the request was signed for.
    ///   - sent: when it was sent, by this machine's clock.
    /// - Returns: whether the refused request is worth another signature.
    func correct(by serverDate: Date, signed: Date, sent: Date) -> Bool {
        guard abs(serverDate.timeIntervalSince(signed)) > Self.tolerance else { return false }
        let difference = serverDate.timeIntervalSince(sent)
        seconds.withLock { seconds in
            if abs(difference - (seconds ?? 0)) > Self.tolerance { seconds = difference }
        }
        return true
    }
}
