import FoundationEssentials
import NIOCore
import NIOHTTP1
import Recording

extension Responder {
    /// Answers a request of a service beside IAM and STS, with whatever the faults do to it.
    func reply(to request: HTTPRequest, _ operation: ServiceOperation) -> Reply {
        let asked = Asked(
            number: journal.begin(), key: operation.key(of: request), service: operation.service,
            errors: operation.errors)
        return reply(to: request, asked: asked) { verdict(operation, request, $0, skew: $1.skew) }
    }

    /// - Parameter skew: seconds by which the emulator's clock is to be wrong.
    private func verdict(
        _ operation: ServiceOperation, _ request: HTTPRequest, _ asked: Asked, skew: TimeInterval
    ) -> Verdict {
        var caller: Authenticator.Caller?
        do throws(ServiceError) {
            let isRead = operation.method == .GET && request.method == .HEAD
            guard request.method == operation.method || isRead else {
                throw ServiceError(
                    status: 405, code: "MethodNotAllowedException",
                    message: "\(operation.name) is asked for by \(operation.method.rawValue)")
            }
            let source = content.source
            // AWS doesn't look at who asks for what it hasn't got.
            if !operation.isKnown, case .accounts = source { throw .unknownOperation }
            let known =
                operation.isSigned ? try signer(of: request, operation, skew: skew) : authenticator.anonymous()
            caller = known
            guard let input = ServiceInput(request) else { throw .notJSON(operation.errors) }
            if let target = request.headers.first(name: "x-amz-target"), case .recording(let replay) = source {
                return replayed(replay, RequestKey(target: target, body: request.body), asked, known)
            }
            var call = ServiceCall(
                request: request, input: input, caller: known, world: world, paging: paging,
                requestID: asked.requestID)
            defer { caller = call.caller }
            return Verdict(answer: try operation.body(&call), outcome: .answered, caller: call.caller)
        } catch {
            var verdict = Verdict(
                answer: operation.errors.answer(error, requestID: asked.requestID),
                outcome: caller == nil ? .refused(code: error.code) : .failed(code: error.code), caller: caller,
                note: error.message.map { "\(error.code): \($0)" } ?? error.code)
            if caller == nil, operation.isSigned {
                verdict.warning = authenticator.advice(on: request, for: operation.service)
            }
            return verdict
        }
    }

    private func signer(
        of request: HTTPRequest, _ operation: ServiceOperation, skew: TimeInterval
    ) throws(ServiceError) -> Authenticator.Caller {
        do throws(AWSError) {
            let caller = try authenticator.caller(of: request, for: operation.service, skew: skew)
            guard caller.identity.isDenied(operation.permission) else { return caller }
            throw .accessDenied(
                "User: \(caller.identity.arn) is not authorized to perform: \(operation.permission) on resource: * "
                    + "because no identity-based policy allows the \(operation.permission) action")
        } catch {
            throw operation.errors.translated(error)
        }
    }
}

extension ServiceError {
    fileprivate static func notJSON(_ form: ErrorForm) -> ServiceError {
        form == .openID
            ? ServiceError(status: 400, code: "InvalidRequestException", message: "Invalid request")
            : ServiceError(status: 400, code: "SerializationException")
    }
}
