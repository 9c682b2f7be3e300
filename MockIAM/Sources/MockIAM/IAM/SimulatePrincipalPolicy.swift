import FoundationEssentials

extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    ///
    /// An account file knows what is denied, so all else is allowed: of a role and of the callers that are its sessions,
    /// or of the callers that are a user.
    static let simulatePrincipalPolicy = QueryOperation(
        .iam, "SimulatePrincipalPolicy", of: .arn(of: "PolicySourceArn"),
        reading: { parameters throws(AWSError) in
            (
                source: parameters.requiredText("PolicySourceArn", .arn),
                actions: try parameters.requiredTexts("ActionNames", .actionName),
                resources: try parameters.texts("ResourceArns", .resourceName),
                page: try PageParameters(of: &parameters)
            )
        }
    ) { call, asked, result throws(AWSError) in
        let (arn, actions, resources) = (asked.source, asked.actions, asked.resources)
        let page = try call.page(asked.page)
        guard let entity = EntityARN(arn) else {
            throw AWSError(
                status: 400, code: "InvalidInput",
                message: "Invalid Entity Arn: \(arn) does not clearly define entity type and name.")
        }
        // "Each operation must include the service identifier", and wild cards aren't supported. How AWS words it isn't known.
        if let wrong = actions.first(where: { !$0.isNameOfAction }) {
            throw AWSError(
                status: 400, code: "InvalidInput",
                message: "Invalid Action Name: \(wrong) is not a service and an operation such as iam:CreateUser.")
        }
        guard let denied = call.account.deniedPatterns(of: entity, at: call.now) else {
            throw .noSuchEntity("The principal \(arn) cannot be found.")
        }
        let cases = actions.flatMap { action in
            // What is denied is denied for every resource.
            (resources.isEmpty ? ["*"] : resources).map { (action: action, resource: $0) }
        }
        let (evaluated, next) = page.cut(cases) { "\($0.action) \($0.resource)" }
        result.pagination(page, next: next)
        result.list("EvaluationResults", of: evaluated) { result, evaluated in
            result.field("EvalActionName", evaluated.action)
            result.field("EvalResourceName", evaluated.resource)
            result.field(
                "EvalDecision", denied.contains { Glob.matches(evaluated.action, $0) } ? "implicitDeny" : "allowed")
            result.list("MatchedStatements", of: EmptyCollection<String>()) { _, _ in }
            result.list("MissingContextValues", of: EmptyCollection<String>()) { _, _ in }
        }
    }
}

extension String {
    /// Whether it is an action's name, such as `iam:CreateUser`, and no pattern of several.
    fileprivate var isNameOfAction: Bool {
        let parts = split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts.contains("") && !contains { $0 == "*" || $0 == "?" }
    }
}

extension ServedAccount {
    /// What a user or a role may not do; nil where there is none of that name and path.
    fileprivate func deniedPatterns(of entity: EntityARN, at now: Date) -> [String]? {
        guard entity.account == id, entity.partition == account.partition else { return nil }
        let ofCallers = account.callers.filter { caller in
            switch (Identity.Principal(caller.principal), entity.kind) {
            case (.user(let name), .user), (.role(let name, _), .role): name == entity.name
            default: false
            }
        }.flatMap(\.denied)
        switch entity.kind {
        case .user: return user(named: entity.name, at: now)?.path == entity.path ? ofCallers : nil
        case .role:
            guard let roles = account.roles else { return ofCallers }
            return roles.first { $0.name == entity.name && $0.path == entity.path }.map { $0.denied + ofCallers }
        }
    }
}
