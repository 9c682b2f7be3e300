extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSigningCertificates.html
    static let listSigningCertificates = QueryOperation(.iam, "ListSigningCertificates", of: .user) {
        call, result throws(AWSError) in
        let page = try call.page(user: .userName)
        // The root user has none.
        let user = call.isRootItself ? nil : try call.userNamedOrCaller()
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
