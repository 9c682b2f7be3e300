/// Has AWS make a credential report, which takes it some seconds; one that is less than four hours old is handed out
/// again.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateCredentialReport.html
package struct GenerateCredentialReport: QueryOperation {
    package static let name = "GenerateCredentialReport"
    package static let service = AWSService.iam

    package init() {}

    package var parameters: [(name: String, value: String)] { [] }

    package struct Output: Sendable, Equatable {
        /// Whether there is a report to be fetched. It is one of before this call then, unless a call said otherwise a
        /// moment ago.
        package var isComplete: Bool
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> Output {
        var state: String?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            if name == "State" { state = try xml.text() }
        }
        switch state {
        case "COMPLETE": return Output(isComplete: true)
        case "STARTED", "INPROGRESS": return Output(isComplete: false)
        case let state?:
            throw .invalidValue(element: "State", value: state, expected: "STARTED, INPROGRESS or COMPLETE")
        case nil: throw .missing("State")
        }
    }
}
