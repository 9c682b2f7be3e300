import CanonicalJSON
import FoundationEssentials
import NIOCore
import NIOHTTP1

extension HTTPRequest {
    /// Whether the client asks for an answer in JSON. STS gives it so, to what checks the tokens that `aws eks get-token`
    /// makes, for one (kubernetes-sigs/aws-iam-authenticator, pkg/token).
    var acceptsJSON: Bool {
        headers["accept"].contains { $0.lowercased().contains("application/json") }
    }
}

extension Answer {
    /// The same in JSON, for an answer of STS's that is in XML.
    func inJSON(requestID: String) -> Answer {
        guard let document = XMLDocument(String(buffer: body)), let json = document.inJSON else { return self }
        return Answer(
            status: status, type: "application/json", requestID: requestID, of: .sts, body: ByteBuffer(string: json))
    }
}

extension XMLDocument {
    /// The elements as members of objects. An error loses the element around it.
    fileprivate var inJSON: String? {
        var rest = tokens.map(\.token).filter { token in
            switch token {
            case .declaration: false
            case .text(let text): text.contains { !$0.isWhitespace }
            case .start, .end, .empty: true
            }
        }[...]
        guard let root = Self.member(takenFrom: &rest) else { return nil }
        return root.name == "ErrorResponse" ? root.value : "{\(root.name.inJSON):\(root.value)}"
    }

    /// The element at which the tokens begin.
    private static func member(takenFrom tokens: inout ArraySlice<Token>) -> (name: String, value: String)? {
        switch tokens.popFirst() {
        case .empty(let name, _)?: return (name, "null")
        case .start(let name, _)?:
            if case .text(let text)? = tokens.first, let plain = text.withoutXMLEscapes {
                tokens = tokens.dropFirst(2)
                return (name, plain.value(of: name))
            }
            var members: [String] = []
            while let member = member(takenFrom: &tokens) { members.append("\(member.name.inJSON):\(member.value)") }
            return (name, members.isEmpty ? "".inJSON : "{\(members.joined(separator: ","))}")
        case .text?, .end?, .declaration?, nil: return nil
        }
    }
}

extension String {
    fileprivate var inJSON: String {
        String(decoding: CanonicalJSON.compact(self), as: UTF8.self)
    }

    /// What a member's text is in JSON: AWS has instants as seconds, and numbers as numbers.
    fileprivate func value(of member: String) -> String {
        switch member {
        case "Expiration":
            Date(iso8601Instant: self).map { "\(Int($0.timeIntervalSince1970))" } ?? inJSON
        case "PackedPolicySize": Int(self).map(String.init) ?? inJSON
        default: inJSON
        }
    }
}
