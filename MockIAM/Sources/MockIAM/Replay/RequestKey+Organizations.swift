import NIOCore
import Recording

/// A request of AWS JSON 1.1 is found by its target, `AWSOrganizationsV20161128.ListAccounts`, and the members of its
/// body. No action of the Query protocol has a dot in it.
extension RequestKey {
    /// A request as it is asked.
    init(target: String, body: ByteBuffer) {
        self.init(action: target, parameters: Self.members(of: body))
    }

    /// A recorded request; nil where it has no target, or where what was asked was taken out.
    init?(organizations recorded: Exchange.Request) {
        guard let target = recorded.headers.first(where: { $0.name.lowercased() == "x-amz-target" })?.value,
            !recorded.body.elementsEqual(Scrubber.redacted.utf8)
        else { return nil }
        self.init(target: target, body: ByteBuffer(bytes: recorded.body))
    }

    /// The members of a JSON object; where one of them isn't a single value, or it is none, all of the text.
    private static func members(of body: ByteBuffer) -> [FormParameter] {
        guard let input = ServiceInput(json: body), let members = input.members else {
            return [FormParameter(name: "body", value: String(buffer: body))]
        }
        return members
    }
}
