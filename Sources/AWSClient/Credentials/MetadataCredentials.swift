import FoundationEssentials

/// Temporary credentials as the services inside EC2 instances and containers hand them out.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html and
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
struct MetadataCredentials: Decodable {
    private var AccessKeyId: String
    private var SecretAccessKey: String
    private var Token: String
    /// An ISO 8601 instant.
    private var Expiration: String

    /// - Returns: nil where they don't say until when they hold.
    func credentials(_ method: CredentialMethod, origin: String) -> Credentials? {
        guard let end = Date(awsTimestamp: Expiration) else { return nil }
        return Credentials(
            accessKeyID: AccessKeyId, secretAccessKey: Secret(SecretAccessKey), sessionToken: Secret(Token),
            expiration: end, method: method, origin: origin)
    }
}
