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
        package var state: State
    }

    package enum State: String, Sendable {
        /// AWS begins to make a report, for this call.
        case started = "STARTED"
        /// AWS is making one, which somebody else asked for, or this client before.
        case inProgress = "INPROGRESS"
        /// There is one to be fetched, of before this call.
        case complete = "COMPLETE"
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> Output {
        var state: String?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            if name == "State" { state = try xml.text() }
        }
        guard let state else { throw .missing("State") }
        guard let known = State(rawValue: state) else {
            throw .invalidValue(element: "State", value: state, expected: "STARTED, INPROGRESS or COMPLETE")
        }
        return Output(state: known)
    }
}
