package import NIOCore

/// Runs Swift tasks on an event loop's own thread.
///
/// A scan is thousands of small exchanges, on either side. With the tasks on the concurrency runtime's threads, each
/// exchange hands over between threads several times, and waking a thread costs more than making or parsing an answer.
package final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    package init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
