/// What makes two requests the same for replay: the action and its parameters in sorted order, without `Version`.
///
/// Host, headers and signature don't count, so a recording made against AWS answers any client.
package struct RequestKey: Hashable, Sendable {
    package var action: String
    /// Sorted by name, then value; neither `Action` nor `Version` is among them.
    package var parameters: [FormParameter]

    package init(action: String, parameters: [FormParameter]) {
        self.action = action
        self.parameters = parameters.filter { $0.name != "Action" && $0.name != "Version" }.sorted()
    }

    /// Reads a Query-protocol request body; nil where it has no `Action`.
    package init?(formBody: some Sequence<UInt8>) {
        let parameters = FormParameter.parse(formBody)
        guard let action = parameters.first(where: { $0.name == "Action" })?.value, !action.isEmpty else { return nil }
        self.init(action: action, parameters: parameters)
    }
}

extension RequestKey {
    /// What IAM's lists give on a page unless told otherwise.
    ///
    /// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html, `MaxItems`
    package static let defaultPageSize = 100

    /// At most so many members are asked for, as IAM understands it; nil where it would refuse the number.
    package var pageSize: Int? {
        guard let asked = parameters.first(where: { $0.name == "MaxItems" }) else { return Self.defaultPageSize }
        return Int(asked.value).flatMap { 1...1000 ~= $0 ? $0 : nil }
    }

    /// The same request, whatever the size of its pages. AWS may give fewer members than it is asked for, so that what
    /// answers one size answers every larger one.
    package var ofAnyPageSize: RequestKey {
        var key = self
        key.parameters.removeAll { $0.name == "MaxItems" }
        return key
    }
}

extension RequestKey: CustomStringConvertible {
    /// `ListAccessKeys UserName=alice`
    package var description: String {
        ([action] + parameters.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
    }
}

extension RequestKey {
    /// How alike two requests are, from 0 (another action) upwards: for naming the nearest candidates of a request that
    /// has no answer.
    package func likeness(to other: RequestKey) -> Int {
        guard action == other.action else { return action.lowercased() == other.action.lowercased() ? 1 : 0 }
        let theirs = Set(other.parameters)
        let theirNames = Set(other.parameters.map(\.name))
        let same = parameters.count { theirs.contains($0) }
        let sameName = parameters.count { theirNames.contains($0.name) }
        let extra = abs(parameters.count - other.parameters.count)
        return max(2, 10 + 4 * same + 2 * sameName - extra)
    }
}
