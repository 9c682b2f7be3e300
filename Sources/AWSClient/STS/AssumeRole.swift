/// Temporary credentials of a role.
///
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
package struct AssumeRole: QueryOperation {
    package static let name = "AssumeRole"
    package static let service = AWSService.sts
    package typealias Output = IssuedCredentials

    package var roleARN: String
    package var sessionName: String
    /// In seconds, 900 to 43,200; an hour where it is nil.
    package var duration: Int?
    package var externalID: String?
    /// Serial number or ARN of an MFA device, and the code that it shows.
    package var mfa: (serial: String, code: String)?

    package init(
        roleARN: String, sessionName: String, duration: Int? = nil, externalID: String? = nil,
        mfa: (serial: String, code: String)? = nil
    ) {
        self.roleARN = roleARN
        self.sessionName = sessionName
        self.duration = duration
        self.externalID = externalID
        self.mfa = mfa
    }

    package static let mayAnswerWithItsSecrets = true

    package var secrets: [Secret] { mfa.map { [Secret($0.code)] } ?? [] }

    package var parameters: [(name: String, value: String)] {
        [("RoleArn", roleARN), ("RoleSessionName", sessionName)]
            + (duration.map { [("DurationSeconds", "\($0)")] } ?? []) + (externalID.map { [("ExternalId", $0)] } ?? [])
            + (mfa.map { [("SerialNumber", $0.serial), ("TokenCode", $0.code)] } ?? [])
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> IssuedCredentials {
        try IssuedCredentials(fromResult: &xml)
    }
}
