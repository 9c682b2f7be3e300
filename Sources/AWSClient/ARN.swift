/// An Amazon Resource Name: `arn:aws:iam::111122223333:role/audit`.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
package struct ARN: Sendable, Equatable, CustomStringConvertible {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    package var partition: String
    /// `iam`, `sts`, …
    package var service: String
    /// Empty for the services that are global.
    package var region: String
    /// Twelve digits; empty, or `aws`, for what belongs to no account.
    package var account: String
    /// What it names there, such as `role/audit` or `assumed-role/audit/session`; `root` for the root user.
    package var resource: String

    package init(partition: String, service: String, region: String = "", account: String, resource: String) {
        self.partition = partition
        self.service = service
        self.region = region
        self.account = account
        self.resource = resource
    }

    /// - Returns: nil for a text that hasn't the form of one.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", !parts[1].isEmpty else { return nil }
        self.init(partition: parts[1], service: parts[2], region: parts[3], account: parts[4], resource: parts[5])
    }

    package var description: String { "arn:\(partition):\(service):\(region):\(account):\(resource)" }
}
