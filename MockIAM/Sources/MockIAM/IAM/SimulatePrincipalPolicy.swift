import FoundationEssentials

extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    ///
    /// An account file knows what is denied, so all else is allowed: of a role and of the callers that are its sessions,
    /// or of the callers that are a user.
    static let simulatePrincipalPolicy = QueryOperation(
        .iam, "SimulatePrincipalPolicy", of: .arn(of: "PolicySourceArn")
    ) {
        call, result throws(AWSError) in
        let arn = call.parameters.requiredText("PolicySourceArn", .arn)
        let actions = call.parameters.requiredTexts("ActionNames", .actionName)
        // What is denied is denied for every resource.
        let resources = call.parameters.texts("ResourceArns", .arn)
        let page = try call.page()
        guard let denied = call.account.deniedPatterns(ofPrincipal: arn, at: call.now) else {
            throw arn.contains(":user/") || arn.contains(":role/")
                ? .noSuchEntity("The principal \(arn) cannot be found.")
                : AWSError(
                    status: 400, code: "InvalidInput",
                    message: "Invalid Entity Arn: \(arn) does not clearly define entity type and name.")
        }
        let cases = actions.flatMap { action in
            (resources.isEmpty ? ["*"] : resources).map { (action: action, resource: $0) }
        }
        let (evaluated, next) = page.cut(cases) { "\($0.action) \($0.resource)" }
        result.pagination(page, next: next)
        result.list("EvaluationResults", of: evaluated) { result, asked in
            result.field("EvalActionName", asked.action)
            result.field("EvalResourceName", asked.resource)
            result.field(
                "EvalDecision", denied.contains { Glob.matches(asked.action, $0) } ? "implicitDeny" : "allowed")
            result.list("MatchedStatements", of: EmptyCollection<String>()) { _, _ in }
            result.list("MissingContextValues", of: EmptyCollection<String>()) { _, _ in }
        }
    }
}

extension ServedAccount {
    /// What a user or a role may not do; nil where there is none of that name.
    fileprivate func deniedPatterns(ofPrincipal arn: String, at now: Date) -> [String]? {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[2] == "iam", parts[4] == id else { return nil }
        let names = parts[5].split(separator: "/").map(String.init)
        guard names.count > 1, let name = names.last else { return nil }
        let callers: (String) -> [String] = { principal in
            self.account.callers.filter { $0.principal == principal || $0.principal.hasPrefix(principal + "/") }
                .flatMap(\.denied)
        }
        switch names[0] {
        case "user": return user(named: name, at: now) == nil ? nil : callers("user/\(name)")
        case "role":
            guard let roles = account.roles else { return callers("assumed-role/\(name)") }
            return roles.first { $0.name == name }.map { $0.denied + callers("assumed-role/\(name)") }
        default: return nil
        }
    }
}
