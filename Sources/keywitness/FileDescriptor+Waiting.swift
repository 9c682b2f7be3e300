#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import SystemPackage

/// Descriptors that don't block, because whoever shares them with us wants it so.
extension FileDescriptor {
    /// Writes all of it.
    ///
    /// - Parameter patience: how long it waits for somebody to read, where the descriptor doesn't block; nil for as long as it
    ///   takes.
    /// - Throws: `Errno`; `wouldBlock` where nobody has read for so long.
    func writeAll(_ bytes: ArraySlice<UInt8>, patience: Duration? = nil) throws {
        var rest = bytes
        var deadline = patience.map { ContinuousClock.now + $0 }
        while !rest.isEmpty {
            do {
                rest = rest.dropFirst(try unsafe rest.withUnsafeBytes { try unsafe write($0) })
                deadline = patience.map { ContinuousClock.now + $0 }
            } catch Errno.wouldBlock {
                // A second at a time: a signal cuts it short, and says nothing of who reads.
                let left = deadline.map { $0 - .now } ?? .seconds(1)
                guard isReady(within: min(max(left, .zero), .seconds(1))) || left > .zero else {
                    throw Errno.wouldBlock
                }
            }
        }
    }

    /// Whether something can be written to it without waiting for longer.
    func isReady(within time: Duration = .zero) -> Bool {
        var output = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&output, 1, Int32(time / .milliseconds(1))) > 0
    }
}
