import NIOCore

extension QueryOperation {
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html
    static let getCredentialReport = QueryOperation(.iam, "GetCredentialReport") { call, result throws(AWSError) in
        let account = call.account
        let (content, generated) = try call.world.withReport(of: account) { report, now throws(AWSError) in
            try report.fetch(at: now)
        }
        let csv = CredentialReportCSV(account, at: generated)
        result.field("ReportFormat", "text/csv")
        if let content {
            result.field("Content") { $0.writeImmutableBuffer(content) }
        } else if account.users.count <= CredentialReport.keptUsers {
            // Outside the lock: whoever else asks waits for nothing meanwhile.
            var made = ByteBuffer()
            csv.writeBase64(to: &made)
            try call.world.withReport(of: account) { report, _ in report.keep(made, of: generated) }
            result.field("Content") { $0.writeImmutableBuffer(made) }
        } else {
            result.field("Content") { csv.writeBase64(to: &$0) }
        }
        result.field("GeneratedTime", generated)
    }
}
