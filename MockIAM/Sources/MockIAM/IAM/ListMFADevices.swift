extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
    static let listMFADevices = QueryOperation(.iam, "ListMFADevices", of: .user) { call, result throws(AWSError) in
        let page = try call.page(user: .userName)
        let user = try call.userNamedOrCaller()
        let (devices, next) = page.cut(user.mfaDevices, by: \.serialNumber)
        result.pagination(page, next: next)
        result.list("MFADevices", of: devices) { result, device in
            result.field("UserName", user.name)
            result.field("SerialNumber", device.serialNumber)
            result.field("EnableDate", device.enabled)
        }
    }
}
