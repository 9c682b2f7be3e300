import CanonicalJSON
import NIOHTTP1

extension ServiceOperation {
    /// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html: any account of the
    /// organization may ask.
    static let describeOrganization = ServiceOperation(
        name: "DescribeOrganization", errors: .organizations, method: .POST, isSigned: true
    ) { call throws(ServiceError) in
        let organization = try call.organization()
        return call.organizationsJSON { json in
            json.name("Organization")
            json.object { json in
                json.member("Arn", organization.arn)
                json.member("AvailablePolicyTypes", [String]())
                json.member("FeatureSet", "ALL")
                json.member("Id", organization.id)
                json.member("MasterAccountArn", organization.arn(of: organization.management))
                json.member("MasterAccountEmail", organization.management.account.email)
                json.member("MasterAccountId", organization.management.id)
            }
        }
    }
}
