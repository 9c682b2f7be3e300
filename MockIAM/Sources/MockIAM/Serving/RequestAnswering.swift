import Logging

/// What answers the requests that come on a ``Connection``: the emulator, or the recorder.
protocol RequestAnswering: Sendable {
    var lifecycle: Lifecycle { get }
    var logger: Logger { get }
    /// Whether there is a control interface, which takes larger bodies.
    var hasControl: Bool { get }
    /// Whether answers come from somebody else, whose time has a limit of its own: the client's time for its request ends
    /// with the request then.
    var asksUpstream: Bool { get }
    /// The `Date` header of an answer that is sent now.
    var date: String { get }

    func reply(to request: HTTPRequest) async -> Responder.Reply

    /// What is answered to what isn't a request at all, or to one that is too large.
    func refusal(_ error: AWSError) -> Answer
}

extension Responder: RequestAnswering {
    var hasControl: Bool { options.hasControl }
    var asksUpstream: Bool { false }
}
