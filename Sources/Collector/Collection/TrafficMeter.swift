import AWSClient
import Evidence
import Recording
import Synchronization

/// Counts the calls of a run while it goes on.
final class TrafficMeter: Sendable {
    private let counted = Mutex((traffic: Traffic(), calls: 0))

    var traffic: Traffic { counted.withLock(\.traffic) }

    /// Calls so far, and how many of them AWS refused because they came too fast.
    var load: (calls: Int, throttles: Int) { counted.withLock { ($0.calls, $0.traffic.throttles) } }

    func noteRequest(_ operation: String, attempt: Int) {
        counted.withLock { counted in
            counted.calls += 1
            counted.traffic.requests[operation, default: 0] += 1
            if attempt > 1 { counted.traffic.retries += 1 }
        }
    }

    func noteFailure(_ error: AWSError) {
        let callAndCode = error.callAndCode
        counted.withLock { counted in
            counted.traffic.errors[callAndCode, default: 0] += 1
            if error.isThrottling { counted.traffic.throttles += 1 }
        }
    }
}
