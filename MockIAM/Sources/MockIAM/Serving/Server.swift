import EventLoopTasks
public import FoundationEssentials
import Logging
import NIOCore

extension MockIAM {
    /// A running emulator, as ``MockIAM/run(account:options:isolation:_:)`` hands it out.
    public struct Server: Sendable {
        /// The address that it listens on.
        public let host: String
        /// The port that it listens on.
        public let port: Int
        /// Every request that it served.
        public let journal: Journal
        private let responder: Responder
        private let listener: Listener
        private let tls: TLSServing?

        /// The certificate of the authority that clients must trust, in PEM, as the file of `AWS_CA_BUNDLE` has it; nil
        /// for a server without TLS. It is made when the server starts, and its key is never written anywhere.
        public var caCertificatePEM: String? {
            tls?.authorityPEM
        }

        /// `http://127.0.0.1:41123`, or `https://…`, as `AWS_ENDPOINT_URL` and `--endpoint-url` take it.
        public var endpointURL: String {
            "\(tls == nil ? "http" : "https")://" + (host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)")
        }

        /// The time in the emulated AWS: the instant at which its answers are to be judged.
        public var clock: Date {
            responder.world.clock.now
        }

        /// What it answers from, in a few words: `demo-account/exchanges.jsonl: 61 exchanges`.
        package var contentSummary: String {
            responder.content.summary
        }

        /// The files that its recording was read from; none for accounts.
        package var recordedFiles: [String] {
            responder.content.files
        }
    }
}

extension MockIAM.Server {
    /// Moves the clock, by a negative number of seconds also back. Temporary credentials age by it. Where that would lead
    /// out of the years 1 to 9999, nothing happens.
    public func advanceClock(by seconds: TimeInterval) {
        responder.world.clock.advance(by: seconds)
    }

    /// Lets something go wrong from now on, or nothing any more. The plan begins at its beginning.
    public func serve(_ faults: MockIAM.FaultPlan) {
        responder.faults.replace(faults, at: responder.elapsed)
        responder.warn(of: faults)
    }

    /// Serves other accounts from now on. What was handed out, such as temporary credentials, is forgotten.
    ///
    /// - Parameter accounts: at least one; with none, nothing happens.
    public func serve(_ accounts: [MockIAM.Account]) {
        if !accounts.isEmpty { responder.content.replace(accounts) }
    }

    /// Stops accepting connections, and lets those that are being answered come to their end: ``drained()`` waits for
    /// it. What is still being answered when the body of ``MockIAM/run(account:options:isolation:_:)`` returns is cut off.
    public func stop() {
        responder.lifecycle.stop()
    }

    /// Returns when it has stopped and everybody has got the whole answer, or when the task is cancelled. An answer that
    /// a fault delays may take hours.
    public func drained() async {
        await responder.lifecycle.drained()
    }

    /// How many clients are connected.
    package var connectionCount: Int {
        responder.lifecycle.connectionCount
    }

    /// Returns when the server is to stop: when it was told so, or was left by its last client and that was to be the
    /// end.
    public func stopped() async {
        await responder.lifecycle.stopped()
    }

    /// Reads its files again (``MockIAM/Options/reload``). Nobody's connection is closed by it.
    ///
    /// - Throws: what is wrong with them; then nothing has changed.
    package func reload() throws {
        try responder.reload()
    }

    static func listening(to options: MockIAM.Options, serving content: MockIAM.Content) async throws -> Self {
        let responder = try Responder(content, options: options)
        let tls = try options.tls.map { try TLSServing($0, hosts: [options.host] + options.certificateHosts) }
        let listener = try await Listener(host: options.host, port: options.port, tls: tls)
        return Self(
            host: listener.host, port: listener.port, journal: responder.journal, responder: responder,
            listener: listener, tls: tls
        )
    }

    /// Serves until the task is cancelled or the server is told to stop, a child task to each connection.
    func serve() async throws {
        let lifecycle = responder.lifecycle
        let responder = responder
        // Whoever waits for its end waits in vain otherwise, where something fails.
        defer { lifecycle.stop() }
        do {
            try await withThrowingDiscardingTaskGroup { group in
                var current = listener
                while true {
                    if !lifecycle.begin(current.channel.channel) { current.channel.channel.close(promise: nil) }
                    try await current.channel.executeThenClose { connections in
                        for try await accepted in connections {
                            let executor = EventLoopExecutor(accepted.eventLoop)
                            group.addTask(executorPreference: executor) {
                                guard let channel = try? await accepted.serving() else { return }
                                await Connection(channel: channel, responder: responder).serve()
                            }
                        }
                    }
                    guard let pause = lifecycle.takeRefusal() else { break }
                    // A day is the longest that a faults file can say; the system can't sleep for any number of seconds.
                    try await Task.sleep(for: min(pause, .seconds(86_400)))
                    current = try await Listener(host: current.host, port: current.port, tls: tls)
                }
            }
        } catch is CancellationError {
            // The way in which a server is meant to end.
        } catch {
            responder.logger.error("no more connections are accepted: \(error)")
            throw error
        }
    }
}
