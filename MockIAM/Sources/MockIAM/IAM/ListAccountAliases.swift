extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html
    static let listAccountAliases = QueryOperation(
        .iam, "ListAccountAliases",
        reading: { parameters throws(AWSError) in try PageParameters(of: &parameters) }
    ) { call, asked, result throws(AWSError) in
        let page = try call.page(asked)
        let (aliases, next) = page.cut(call.account.account.alias.map { [$0] } ?? [], by: \.self)
        result.pagination(page, next: next)
        result.list("AccountAliases", texts: aliases)
    }
}

extension ResultXML {
    /// A list of plain texts.
    mutating func list(_ name: String, texts: some Sequence<String>) {
        structure(name) { result in
            for text in texts { result.field("member", text) }
        }
    }
}
