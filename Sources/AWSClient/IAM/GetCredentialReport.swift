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
            case "Content": report = try content(of: &xml)
            case "GeneratedTime": generatedTime = try xml.date(name)
            default: break
            }
        }
        guard let report else { throw .missing("Content") }
        guard let generatedTime else { throw .missing("GeneratedTime") }
        return Output(report: report, generatedTime: generatedTime)
    }

    /// Decoded and read as it comes: of a large account it has dozens of megabytes.
    private static func content(of xml: inout XMLReader) throws(XMLError) -> CredentialReport {
        var begin: [UInt8] = []
        var base64 = Base64Decoder()
        var parser = CredentialReport.Parser()
        func notBase64() -> XMLError {
            .invalidValue(element: "Content", value: String(decoding: begin, as: UTF8.self), expected: "base64")
        }
        try xml.readText { (piece) throws(XMLError) in
            begin += piece.prefix(40 - begin.count)
            guard let csv = base64.decode(piece) else { throw notBase64() }
            do throws(CredentialReport.Problem) { try parser.add(csv) } catch { throw XMLError(error) }
        }
        guard base64.isWhole else { throw notBase64() }
        do throws(CredentialReport.Problem) { return try parser.finish() } catch { throw XMLError(error) }
    }
}

extension XMLError {
    fileprivate init(_ problem: CredentialReport.Problem) {
        self = .invalidValue(element: "Content", value: problem.place, expected: problem.expected)
    }
}
