package import FoundationEssentials

/// Fetches the account's credential report: AWS's own list of users, with their keys' dates, but not their ids.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html
package struct GetCredentialReport: QueryOperation {
    package static let name = "GetCredentialReport"
    package static let service = AWSService.iam

    package init() {}

    package var parameters: [(name: String, value: String)] { [] }

    package struct Output: Sendable {
        package var report: CredentialReport
        /// When AWS made it.
        package var generatedTime: Date
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> Output {
        var report: CredentialReport?
        var generatedTime: Date?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "Content":
                // Decoded at once: of a large account it has dozens of megabytes.
                report = try content(try xml.bytes())
            case "GeneratedTime": generatedTime = try xml.date(name)
            default: break
            }
        }
        guard let report else { throw .missing("Content") }
        guard let generatedTime else { throw .missing("GeneratedTime") }
        return Output(report: report, generatedTime: generatedTime)
    }

    private static func content(_ base64: [UInt8]) throws(XMLError) -> CredentialReport {
        guard let csv = Data(base64Encoded: Data(base64), options: .ignoreUnknownCharacters) else {
            let begin = String(decoding: base64.prefix(40), as: UTF8.self)
            throw .invalidValue(element: "Content", value: begin, expected: "base64")
        }
        do {
            return try CredentialReport(csv: csv)
        } catch {
            throw .invalidValue(element: "Content", value: error.place, expected: error.expected)
        }
    }
}
