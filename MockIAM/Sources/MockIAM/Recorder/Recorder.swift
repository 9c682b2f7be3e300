import FoundationEssentials
import Logging
import NIOCore
import Recording

extension MockIAM {
    /// A proxy that is being recorded, as ``MockIAM/record(_:isolation:_:)`` hands it out.
    package struct Recorder: Sendable {
        package let host: String
        package let port: Int
        private let listener: Listener
        private let responder: ProxyResponder

        private var lifecycle: Lifecycle {
            responder.lifecycle
        }

        /// `http://127.0.0.1:41123`, as `AWS_ENDPOINT_URL` and `--endpoint-url` take it.
        package var endpointURL: String {
            host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
        }

        /// The file that the recording grows in.
        package var path: String {
            responder.log.path
        }

        /// Stops accepting connections, and lets those that are being answered come to their end.
        package func stop() {
            lifecycle.stop()
        }

        /// Returns when the recorder is to stop.
        package func stopped() async {
            await lifecycle.stopped()
        }

        /// Returns when it has stopped and everybody has got the whole answer, or when the task is cancelled.
        package func drained() async {
            await lifecycle.drained()
        }

        /// How many clients are connected.
        package var connectionCount: Int {
            lifecycle.connectionCount
        }
    }

    /// Records while `body` runs: callers ask the recorder, signed with a test key; it asks the upstream with its own
    /// credentials, passes the answer on and writes it down. What the upstream hasn't answered when `body` returns is cut
    /// off, and recorded as a request without an answer.
    ///
    /// - Parameter body: what to run against the recorder.
    /// - Returns: what `body` returned, and how many exchanges were recorded.
    /// - Throws: ``RecordingFailure``, ``ListenError``, or what `body` threw.
    package static func record<Result>(
        _ options: RecordOptions, isolation: isolated (any Actor)? = #isolation,
        _ body: (Recorder) async throws -> Result
    ) async throws -> (result: Result, exchanges: Int) {
        guard options.host.isLoopbackAuthority || options.host == "::1" else {
            throw RecordingFailure(
                "a recorder asks with your credentials for whoever asks it, so it listens on this machine only: "
                    + "127.0.0.1, ::1 or localhost, not '\(options.host.printable())'")
        }
        let listener = try await Listener(host: options.host, port: options.port, tls: nil)
        let log: RecordingLog
        do {
            // Whole seconds are all that a manifest keeps.
            let now = Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded(.down))
            log = try RecordingLog(
                directory: options.directory,
                manifest: RecordingManifest(created: now, tool: "mock-iam \(version)", clock: now),
                anonymizer: options.anonymizer)
        } catch {
            try? await listener.channel.channel.close()
            throw error
        }
        let client = UpstreamClient(options)
        let recorder = Recorder(
            listener: listener, responder: ProxyResponder(client: client, log: log, options: options))
        do {
            let result = try await withThrowingDiscardingTaskGroup { group in
                group.addTask { try await recorder.serve() }
                let result = try await body(recorder)
                recorder.stop()
                group.cancelAll()
                return result
            }
            await client.shutdown()
            return (result, try await log.finish())
        } catch {
            await client.shutdown()
            _ = try? await log.finish()
            throw error
        }
    }
}

extension MockIAM.Recorder {
    fileprivate init(listener: Listener, responder: ProxyResponder) {
        self.init(host: listener.host, port: listener.port, listener: listener, responder: responder)
    }

    /// Serves until it is told to stop or the task is cancelled, a child task to each connection.
    fileprivate func serve() async throws {
        defer { lifecycle.stop() }
        do {
            try await withThrowingDiscardingTaskGroup { group in
                if !lifecycle.begin(listener.channel.channel) { listener.channel.channel.close(promise: nil) }
                try await listener.channel.executeThenClose { connections in
                    for try await accepted in connections {
                        group.addTask {
                            guard let channel = try? await accepted.serving() else { return }
                            await Connection(channel: channel, responder: responder).serve()
                        }
                    }
                }
            }
        } catch is CancellationError {
            // The way in which it ends where `body` threw.
        }
    }
}
