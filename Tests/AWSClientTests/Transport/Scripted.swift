import AWSClient
import Synchronization

/// Answers with what it is told, one after the other and the last for ever, and remembers what it was asked.
final class Scripted: Transport {
    typealias Outcome = Result<HTTPResponse, TransportError>

    private struct State {
        var outcomes: [Outcome]
        var asked: [(request: HTTPRequest, call: Call)] = []
    }

    private let state: Mutex<State>

    init(_ outcomes: [Outcome]) {
        state = Mutex(State(outcomes: outcomes))
    }

    var asked: [(request: HTTPRequest, call: Call)] { state.withLock { $0.asked } }

    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        let outcome = state.withLock { state in
            state.asked.append((request, call))
            return state.outcomes.count > 1 ? state.outcomes.removeFirst() : state.outcomes[0]
        }
        return try outcome.get()
    }
}

extension Scripted.Outcome {
    /// An answer to GetCallerIdentity.
    static var identity: Self {
        let body = """
            <GetCallerIdentityResponse><GetCallerIdentityResult><UserId>U</UserId><Account>111122223333</Account>\
            <Arn>arn:aws:iam::111122223333:user/a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>
            """
        return .success(HTTPResponse(status: 200, body: Array(body.utf8)))
    }

    static func refusal(
        _ code: String, message: String = "", status: Int = 400, headers: [HTTPHeader] = []
    ) -> Self {
        let body = "<ErrorResponse><Error><Code>\(code)</Code><Message>\(message)</Message></Error></ErrorResponse>"
        return .success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
    }

    static func status(_ status: Int) -> Self { .success(HTTPResponse(status: status, body: [])) }

    static func failure(_ kind: TransportError.Kind) -> Self { .failure(TransportError(kind, reason: "a test")) }
}
