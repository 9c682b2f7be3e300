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

    /// The exchanges that what is said of the key rests on, by `_seq`: those of its own facts, and of its user's tags, which
    /// may say whose it is, which limits hold, and what is excepted.
    func forEachExchange(_ body: (Int) -> Void) {
        key.forEachExchange(body)
        switch assessed.user.optional.tags {
        case .read(_, let source)?: source.exchanges.forEach(body)
        case .failed(let failure)?: failure.exchange.map(body)
        case .notAsked?, nil: break
        }
    }
}
