import FoundationEssentials
import Recording

extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    ///
    /// An account file knows what is denied, so all else is allowed: of a role and of the callers that are its sessions,
    /// or of the callers that are a user. There is a result for each action, with one for each resource in it.
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
        call.warning = call.request.policiesNotSimulated
        let (arn, actions, resources) = (asked.source, asked.actions, asked.resources)
        let page = try call.page(asked.page, of: [arn, "\(actions)", "\(resources)"])
        guard let entity = EntityARN(arn) else {
            throw AWSError(
                status: 400, code: "InvalidInput",
                message: "Invalid Entity Arn: \(arn) does not clearly define entity type and name.")
        }
        if let wrong = resources.first(where: { !$0.isResourceName }) {
            throw AWSError(
                status: 400, code: "InvalidInput", message: "ResourceNames are not in a valid ARN format: \(wrong).")
        }
        guard let denied = call.account.deniedPatterns(of: entity, at: call.now) else {
            throw .noSuchEntity("Unable to retrieve specified IAM entity.")
        }
        let numbered = actions.enumerated().map { (number: $0.offset, name: $0.element) }
        let (evaluated, next) = page.cut(numbered) { "\($0.number)" }
        result.pagination(page, next: next)
        result.list("EvaluationResults", of: evaluated) { result, action in
            // What is denied is denied for every resource. Names are taken as they are, even those that no action has.
            let decision = denied.contains { Glob.matches(action.name, $0) } ? "implicitDeny" : "allowed"
            result.field("EvalActionName", action.name)
            result.field("EvalResourceName", action.name.resource(of: resources, in: call.account.account.partition))
            result.field("EvalDecision", decision)
            result.list("MatchedStatements", of: EmptyCollection<String>()) { _, _ in }
            result.list("MissingContextValues", of: EmptyCollection<String>()) { _, _ in }
            result.structure("OrganizationsDecisionDetail") { $0.field("AllowedByOrganizations", true) }
            guard !resources.isEmpty else { return }
            result.structure("EvalDecisionDetails") { _ in }
            result.list("ResourceSpecificResults", of: resources) { result, resource in
                result.field("EvalResourceName", resource)
                result.field("EvalResourceDecision", decision)
            }
        }
    }
}

extension RequestKey {
    /// What would change the verdict at AWS and doesn't here, in words; nil where nothing of the kind is asked for.
    fileprivate var policiesNotSimulated: String? {
        let unheeded = [
            "PolicyInputList", "PermissionsBoundaryPolicyInputList", "ResourcePolicy", "CallerArn", "ContextEntries",
        ]
        let asked = Set(parameters.map { String($0.name.prefix { $0 != "." }) })
        let names = unheeded.filter(asked.contains)
        guard !names.isEmpty else { return nil }
        return
            "SimulatePrincipalPolicy evaluates no policies (\(names.joined(separator: ", "))): all is allowed but what "
            + "'denied' of a role or a caller in the account file says"
    }
}

extension String {
    /// An ARN as far as IAM looks, or `*`.
    fileprivate var isResourceName: Bool {
        self == "*" || (hasPrefix("arn:") && utf8.count { $0 == UInt8(ascii: ":") } >= 5)
    }

    /// What an action's result as a whole is said to be about: the one resource, or for several the form of the resources
    /// that the action is for. Of those only these are known from captures of live answers.
    fileprivate func resource(of resources: [String], in partition: String) -> String {
        guard resources.count > 1 else { return resources.first ?? "*" }
        return switch prefix(while: { $0 != ":" }).lowercased() {
        case "s3": "arn:\(partition):s3:::${BucketName}/${KeyName}"
        case "ec2": "arn:\(partition):ec2:${Region}:${Account}:${ResourceType}/${ResourcePath}"
        default: "*"
        }
    }
}

extension ServedAccount {
    /// What a user or a role may not do; nil where there is none of that name. The path may be another: captures of live
    /// answers have it found by the name alone.
    fileprivate func deniedPatterns(of entity: EntityARN, at now: Date) -> [String]? {
        guard entity.account == id, entity.partition == account.partition else { return nil }
        let ofCallers = account.callers.filter { caller in
            switch (Identity.Principal(caller.principal), entity.kind) {
            case (.user(let name), .user), (.role(let name, _), .role): name == entity.name
            default: false
            }
        }.flatMap(\.denied)
        switch entity.kind {
        case .user: return user(named: entity.name, at: now) == nil ? nil : ofCallers
        case .role:
            guard let roles = account.roles else { return ofCallers }
            return roles.first { $0.name == entity.name }.map { $0.denied + ofCallers }
        // It has none.
        case .group: return nil
        }
    }
}
