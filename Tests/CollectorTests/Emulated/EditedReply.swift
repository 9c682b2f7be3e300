import Foundation

/// An answer of AWS to be changed.
struct EditedReply: Sendable {
    var status: Int
    var body: String

    static func error(_ status: Int, _ code: String, _ message: String) -> EditedReply {
        EditedReply(
            status: status,
            body: "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>\(message)</Message></Error>"
                + "<RequestId>1</RequestId></ErrorResponse>")
    }

    static let denied = error(403, "AccessDenied", "no")

    static func unknownUser(_ name: String) -> EditedReply {
        error(404, "NoSuchEntity", "The user with name \(name) cannot be found.")
    }

    /// In AWS's words about a key that there isn't.
    ///
    /// - Parameter form: of the request that asks about it.
    static func unknownKey(_ form: String) -> EditedReply {
        let id = form.firstMatch(of: /AccessKeyId=(\w+)/)?.1 ?? ""
        return error(
            403, "AccessDenied",
            "User: arn:aws:iam::111122223333:user/auditor is not authorized to perform iam:GetAccessKeyLastUsed on "
                + "resource: access key \(id)")
    }

    func replacing(_ text: String, with other: String) -> EditedReply {
        EditedReply(status: status, body: body.replacing(text, with: other))
    }

    private func mapMembers(_ change: (Substring) -> String) -> EditedReply {
        guard let start = body.firstRange(of: "<member>") else { return self }
        var rest = body[start.lowerBound...]
        var kept = body[..<start.lowerBound]
        while let end = rest.firstRange(of: "</member>"), rest.hasPrefix("<member>") {
            let member = rest[..<end.upperBound]
            kept += change(member)
            rest = rest[end.upperBound...]
        }
        return EditedReply(status: status, body: String(kept + rest))
    }

    var withoutMembers: EditedReply { mapMembers { _ in "" } }

    func without(memberWith text: String) -> EditedReply { mapMembers { $0.contains(text) ? "" : String($0) } }

    func twice(memberWith text: String) -> EditedReply {
        mapMembers { $0.contains(text) ? String($0 + $0) : String($0) }
    }

    /// With a second member for a user, who has another name there.
    func naming(_ user: String, also other: String) -> EditedReply {
        mapMembers { member in
            guard member.contains("<UserName>\(user)<") else { return String(member) }
            return String(member) + member.replacing(user, with: other)
        }
    }

    /// With another number of users in an account summary.
    func counting(_ users: Int) -> EditedReply {
        EditedReply(
            status: status,
            body: body.replacing(
                /<key>Users<\/key><value>\d+/, with: "<key>Users</key><value>\(users)"))
    }

    // MARK: Credential reports

    func mapReport(_ change: (String) -> String) -> EditedReply {
        guard status == 200, let start = body.firstRange(of: "<Content>"), let end = body.firstRange(of: "</Content>"),
            let csv = Data(base64Encoded: String(body[start.upperBound..<end.lowerBound]))
        else { return self }
        let changed = Data(change(String(decoding: csv, as: UTF8.self)).utf8).base64EncodedString()
        return EditedReply(
            status: status, body: body[..<start.upperBound] + changed + body[end.lowerBound...])
    }

    private func mapReportRow(of user: String, _ change: ([String]) -> [String]?) -> EditedReply {
        mapReport { csv in
            csv.split(separator: "\n").compactMap { row -> String? in
                guard row.hasPrefix("\(user),") else { return String(row) }
                let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                return change(cells)?.joined(separator: ",")
            }.joined(separator: "\n")
        }
    }

    func withReport(_ csv: String) -> EditedReply { mapReport { _ in csv } }

    func withReportRowTwice(of user: String) -> EditedReply {
        mapReport { csv in
            csv.split(separator: "\n").flatMap { $0.hasPrefix("\(user),") ? [$0, $0] : [$0] }.joined(separator: "\n")
        }
    }

    func replacingInReport(_ name: String, with other: String) -> EditedReply {
        mapReport { $0.replacing("\(name),", with: "\(other),").replacing("user/\(name)", with: "user/\(other)") }
    }

    func withoutReportRow(of user: String) -> EditedReply { mapReportRow(of: user) { _ in nil } }

    /// Columns 8 to 12 are of the first key, 13 to 17 of the second.
    private static let noKey = ["false", "N/A", "N/A", "N/A", "N/A"]

    func withoutSecondKey(of user: String) -> EditedReply {
        mapReportRow(of: user) { $0[..<13] + Self.noKey + $0[18...] }
    }

    /// As when a key was activated again then.
    func withKeyChanged(of user: String, slot: Int, _ date: Date) -> EditedReply {
        mapReportRow(of: user) { cells in
            var cells = cells
            cells[9 + 5 * (slot - 1)] = date.ISO8601Format().replacing("Z", with: "+00:00")
            return cells
        }
    }

    func withoutKeysInReport(of user: String) -> EditedReply {
        mapReportRow(of: user) { $0[..<8] + Self.noKey + Self.noKey + $0[18...] }
    }
}

extension String {
    /// Without line breaks and the white space after them, so that texts can be looked for.
    var withoutIndentation: String { split(separator: "\n").map { $0.drop { $0 == " " } }.joined() }
}
