import Dispatch
// For Thread, the one way to ask for a stack of a certain size.
import Foundation
import Synchronization

/// Runs work on a thread of its own that has room for deep recursion.
///
/// Yams composes a tree by recursion, and libyaml lets it go down 1,000 levels before anybody can object. That takes up
/// to 4 MB of stack (measured), where threads other than the first one have 512 KB on macOS.
func onDeepStack<Value: Sendable>(_ work: @escaping @Sendable () -> Value) -> Value {
    let outcome = Outcome<Value>()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
        let value = work()
        outcome.value.withLock { $0 = value }
        done.signal()
    }
    thread.stackSize = 32 << 20
    thread.start()
    done.wait()
    guard let value = outcome.value.withLock({ $0 }) else { preconditionFailure("signalled without a value") }
    return value
}

private final class Outcome<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}
