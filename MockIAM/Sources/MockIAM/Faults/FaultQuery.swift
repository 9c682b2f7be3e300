/// What the faults have to know of a request.
struct FaultQuery: Sendable, Equatable {
    var action: String
    var parameters: [String: String] = [:]
    /// The number of the account that is asked; nil where the emulator has but one and doesn't know its number.
    var account: String?
    /// The id of the access key that signed; nil for an unsigned request.
    var accessKeyID: String?
    /// The ARN of who asks, which errors name.
    var caller = ""
    var service = Service.iam
}

extension FaultQuery {
    /// The list that a page is asked of: the request whatever its page.
    private var list: String {
        var query = self
        query.parameters["Marker"] = nil
        query.parameters["MaxItems"] = nil
        return query.key(of: .request)
    }

    /// The page of its list that the request asks for; nil for the first one.
    var place: KeptPages.Place? {
        parameters["Marker"].map(place)
    }

    func place(_ marker: String) -> KeptPages.Place {
        KeptPages.Place(list: list, marker: marker)
    }

    /// The key of the count that the request belongs to.
    func key(of scope: MockIAM.FaultPlan.Scope) -> String {
        switch scope {
        case .rule: ""
        case .caller: accessKeyID ?? ""
        case .account: account ?? ""
        case .action: action
        case .request:
            // Lengths keep apart what separators, which values may hold, could run together.
            ([account ?? "", action] + parameters.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
                .map { "\($0.utf8.count):\($0)" }.joined()
        }
    }
}
