extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html: the root user's device, too, for itself
    /// only.
    static let listMFADevices = QueryOperation(
        .iam, "ListMFADevices", of: .ownUser,
        reading: { parameters throws(AWSError) in try PageParameters(of: &parameters, user: .userName) }
    ) { call, asked, result throws(AWSError) in
        let page = try call.page(ofUser: asked)
        let user = call.isRootItself ? nil : try call.user(namedOrCaller: asked.userName)
        let (devices, next) = page.cut(user?.mfaDevices ?? call.account.rootDevices, by: \.serialNumber)
        result.pagination(page, next: next)
        result.list("MFADevices", of: devices) { result, device in
            // The one list that always has it. What AWS calls the root user there isn't known; in credential reports, this.
            result.field("UserName", user?.name ?? "<root_account>")
            result.field("SerialNumber", device.serialNumber)
            result.field("EnableDate", device.enabled)
        }
    }
}

extension ServedAccount {
    /// The root user's, as the console names its virtual device.
    fileprivate var rootDevices: [MockIAM.MFADevice] {
        account.root.hasMFA
            ? [MockIAM.MFADevice(arn("mfa/root-account-mfa-device"), enabled: account.created)] : []
    }
}
