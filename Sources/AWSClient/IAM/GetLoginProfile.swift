package import FoundationEssentials

/// The console password of a user, if there is one: without, AWS answers `NoSuchEntity`.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetLoginProfile.html
package struct GetLoginProfile: QueryOperation {
    package static let name = "GetLoginProfile"
    package static let service = AWSService.iam

    package var userName: String

    package init(userName: String) {
        self.userName = userName
    }

    package var parameters: [(name: String, value: String)] {
        [("UserName", userName)]
    }

    package struct Output: Sendable, Equatable {
        package var userName: String
        package var createDate: Date
    }

    package static func output(from xml: inout XMLReader) throws(XMLError) -> Output {
        var profile: Output?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            if name == "LoginProfile" { profile = try loginProfile(from: &xml) }
        }
        guard let profile else { throw .missing("LoginProfile") }
        return profile
    }

    private static func loginProfile(from xml: inout XMLReader) throws(XMLError) -> Output {
        var userName: String?
        var createDate: Date?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "UserName": userName = try xml.text()
            case "CreateDate": createDate = try xml.date(name)
            default: break
            }
        }
        guard let userName else { throw .missing("UserName") }
        guard let createDate else { throw .missing("CreateDate") }
        return Output(userName: userName, createDate: createDate)
    }
}
