import NIOCore

/// Runs Swift tasks on an event loop's own thread.
///
/// A scan is thousands of small exchanges. With the tasks on the concurrency runtime's threads, each exchange hands
/// over between threads several times, and waking a thread costs more than parsing an answer.
final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
