extension QueryCall {
    /// Holds the MFA device that a call names against those of the user that calls. Where the account names none for
    /// it, any device of the account will do, so that not every account file has to say so. A role's session has no
    /// device (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: it is that of "the user who is
    /// making the call"); but a test key takes one, so that it can be tested how a client comes by a code.
    ///
    /// The messages are AWS's [live].
    ///
    /// - Throws: AccessDenied, also where there is a device without a code or the other way round.
    func checkDevice(_ serial: String?, code: String?) throws(AWSError) {
        guard let serial, code != nil else {
            guard serial == nil, code == nil else {
                throw .accessDenied(
                    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ",
                    .sts)
            }
            return
        }
        guard has(serial) else {
            throw .accessDenied(
                "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is "
                    + "valid and associated with this user.", .sts)
        }
    }

    /// Whether an MFA device is the caller's.
    private func has(_ serial: String) -> Bool {
        switch identity.principal {
        case .role: return identity.isOfTestKey
        case .root: return true
        case .user(let name):
            let devices = account.user(named: name, at: now)?.mfaDevices.map(\.serialNumber) ?? []
            let isOurs = !serial.hasPrefix("arn:") || serial.hasPrefix(account.arn("mfa/"))
            return devices.isEmpty ? isOurs : devices.contains(serial)
        }
    }

    /// There is one code that never is right, so that a wrong one can be tested.
    func refuseWrongCode(_ code: String?) throws(AWSError) {
        if code == "000000" {
            throw .accessDenied("MultiFactorAuthentication failed with invalid MFA one time pass code. ", .sts)
        }
    }
}
