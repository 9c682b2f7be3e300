extension Criteria {
    /// What bears the name of something that is built in, and differs from what this version has by that name, a sentence
    /// each. Nobody writes such criteria with this version: a report that says "policy default" means that one.
    package var borrowedNames: [String] {
        var flaws: [String] = []
        if let builtIn = policy.builtInMeant, !policy.isMade(from: builtIn) {
            flaws.append("\(BundleMember.policy) isn't the built-in policy '\(policy.name)', whose name it has")
        }
        guard let builtIn = try? Crosswalk.builtIn() else { return flaws }
        for framework in builtIn.frameworks where crosswalk.frameworks.contains(where: { $0.id == framework.id }) {
            let same = ControlTestID.allCases.allSatisfy { test in
                crosswalk.mappings(of: test).filter { $0.framework == framework.id }
                    == builtIn.mappings(of: test).filter { $0.framework == framework.id }
            }
            if !same || !crosswalk.frameworks.contains(framework) {
                flaws.append(
                    "\(BundleMember.controls) has the built-in framework '\(framework.id)' otherwise than it is")
            }
        }
        return flaws
    }
}
