/// Temporary credentials of a role for whoever has a token of an identity provider. It isn't signed: the token says who
/// asks.
///
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
package struct AssumeRoleWithWebIdentity: QueryOperation {
    package static let name = "AssumeRoleWithWebIdentity"
    package static let service = AWSService.sts
    package typealias Output = IssuedCredentials
    package static let isSigned = false

    package var roleARN: String
    package var sessionName: String
    package var token: Secret

    package init(roleARN: String, sessionName: String, token: Secret) {
        self.roleARN = roleARN
        self.sessionName = sessionName
        self.token = token
    }

    package var secrets: [Secret] { [token] }

    package var parameters: [(name: String, value: String)] {
        [("RoleArn", roleARN), ("RoleSessionName", sessionName), ("WebIdentityToken", token.exposed)]
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> IssuedCredentials {
        try IssuedCredentials(fromResult: &xml)
    }
}
