import FoundationEssentials
import Logging

extension ProxyResponder: RequestAnswering {
    var logger: Logger { options.logger }
    var hasControl: Bool { false }
    var asksUpstream: Bool { true }
    var date: String { Date.now.httpDate }

    func reply(to request: HTTPRequest) async -> Responder.Reply {
        Responder.Reply(answer: await answer(to: request), date: date)
    }

    func refusal(_ error: AWSError) -> Answer {
        refusal(error, .query)
    }
}
