extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSigningCertificates.html
    static let listSigningCertificates = QueryOperation(
        .iam, "ListSigningCertificates", of: .ownUser,
        reading: { parameters throws(AWSError) in try PageParameters(of: &parameters, user: .userName) }
    ) { call, asked, result throws(AWSError) in
        let page = try call.page(ofUser: asked)
        // The root user has none.
        let user = call.isRootItself ? nil : try call.user(namedOrCaller: asked.userName)
        let (certificates, next) = page.cut(user?.signingCertificates ?? [], by: \.id)
        result.pagination(page, next: next)
        result.list("Certificates", of: certificates) { result, certificate in
            result.field("UserName", user?.name)
            result.field("CertificateId", certificate.id)
            result.field("CertificateBody", certificate.body)
            result.field("Status", certificate.status)
            result.field("UploadDate", certificate.uploaded)
        }
    }
}
