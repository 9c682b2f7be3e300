extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserTags.html: sorted by key, as the page says.
    static let listUserTags = QueryOperation(
        .iam, "ListUserTags", of: .user,
        reading: { parameters throws(AWSError) in
            (user: parameters.requiredText("UserName", .userName), page: try PageParameters(of: &parameters))
        }
    ) { call, asked, result throws(AWSError) in
        let page = try call.page(asked.page, of: [asked.user.lowercased()])
        let user = try call.user(asked.user)
        let sorted = user.tags.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let (tags, next) = page.cut(sorted, by: \.key)
        result.pagination(page, next: next)
        result.list("Tags", of: tags) { result, tag in
            result.field("Key", tag.key)
            result.field("Value", tag.value)
        }
    }
}
