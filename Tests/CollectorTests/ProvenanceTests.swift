import AWSClient
import Evidence
import Testing

struct ProvenanceTests {
    @Test func `facts name operations as AWS does`() {
        let names = [
            ListUsers.name, ListAccessKeys.name, GetAccessKeyLastUsed.name, GetLoginProfile.name,
            GetAccountSummary.name, GetCredentialReport.name, ListUserTags.name, ListMFADevices.name,
            ListServiceSpecificCredentials.name, ListSigningCertificates.name, ListSSHPublicKeys.name,
        ]
        #expect(Provenance.Operation.allCases.map(\.rawValue) == names)
    }
}
