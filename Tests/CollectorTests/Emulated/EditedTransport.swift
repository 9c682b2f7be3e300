import AWSClient
import Synchronization

/// - Parameter number: that of the request among those that are the same.
typealias Edit =
    @Sendable (_ action: String, _ number: Int, _ form: String, _ reply: EditedReply) -> EditedReply

/// Refuses some actions.
func denying(_ actions: String...) -> Edit {
    { action, _, _, reply in actions.contains(action) ? .denied : reply }
}

/// Changes what AWS answers.
final class EditedTransport: Transport {
    private let base: any Transport
    private let edit: Edit
    private let calls = Mutex<[String: Int]>([:])

    init(_ base: any Transport, _ edit: @escaping Edit) {
        self.base = base
        self.edit = edit
    }

    var counts: [String: Int] { calls.withLock(\.self) }

    func send(_ request: HTTPRequest, for call: Call) async throws(TransportError) -> HTTPResponse {
        let form = String(decoding: request.body, as: UTF8.self)
        let number = calls.withLock { calls in
            calls[call.operation, default: 0] += 1
            calls[form, default: 0] += 1
            return calls[form] ?? 0
        }
        var response = try await base.send(request, for: call)
        let body = String(decoding: response.body, as: UTF8.self).withoutIndentation
        let reply = edit(call.operation, number, form, EditedReply(status: response.status, body: body))
        response.status = reply.status
        response.body = Array(reply.body.utf8)
        return response
    }
}
