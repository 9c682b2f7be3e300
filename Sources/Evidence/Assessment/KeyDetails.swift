/// One key with what documents say of it.
struct KeyDetails {
    let assessed: KeyAssessment
    let remedy: Remedy

    init(_ assessed: KeyAssessment) {
        self.assessed = assessed
        remedy = Remedy(assessed)
    }

    var key: AccessKey { assessed.key }
    var label: String { assessed.label }
    var userName: String { assessed.userName }
    var userARN: String { assessed.user.arn }

    var naturalKey: String { assessed.naturalKey }
}
