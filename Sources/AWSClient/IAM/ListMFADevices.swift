package import FoundationEssentials

/// Lists a user's MFA devices.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
package struct ListMFADevices: UserListOperation {
    package static let name = "ListMFADevices"
    package static let list = "MFADevices"

    package var userName: String
    package var marker: String?

    package init(userName: String) {
        self.userName = userName
    }

    package struct Device: Sendable, Equatable {
        package var userName: String
        package var serialNumber: String
        package var enableDate: Date
    }

    package static func owner(of item: Device) -> String? { item.userName }

    package static func item(from xml: inout XMLReader) throws(XMLError) -> Device {
        var userName: String?
        var serialNumber: String?
        var enableDate: Date?
        var children = xml.children()
        while let name = try xml.next(in: &children) {
            switch name {
            case "UserName": userName = try xml.text()
            case "SerialNumber": serialNumber = try xml.text()
            case "EnableDate": enableDate = try xml.date(name)
            default: break
            }
        }
        guard let userName else { throw .missing("UserName") }
        guard let serialNumber else { throw .missing("SerialNumber") }
        guard let enableDate else { throw .missing("EnableDate") }
        return Device(userName: userName, serialNumber: serialNumber, enableDate: enableDate)
    }
}
