import Evidence
import FoundationEssentials
import Testing

@testable import AWSClient
@testable import Collector

@Suite struct LastUseTests {
    private func lastUse(
        user: String? = "ci-deploy", date: Date? = nil, service: String = "N/A", region: String = "N/A"
    ) -> LastUse {
        LastUse(
            GetAccessKeyLastUsed.Output(userName: user, lastUsedDate: date, serviceName: service, region: region),
            of: "AKIA1", user: "ci-deploy", exchange: 9)
    }

    @Test func `no date and no service is never used`() {
        #expect(lastUse() == .never)
    }

    @Test func `a date is a use, even where AWS names no region`() {
        let date = Date(timeIntervalSince1970: 1)
        #expect(lastUse(date: date, service: "s3") == .used(at: date, service: "s3", region: "N/A"))
    }

    @Test func `a service without a date contradicts itself`() {
        if case .undetermined(let failure) = lastUse(service: "s3") {
            #expect(failure.code == "unreadable-answer")
            #expect(failure.exchange == 9)
        } else {
            Issue.record("it was taken for an answer")
        }
    }

    @Test func `an answer about another user's key is no answer`() {
        if case .undetermined = lastUse(user: "other") {} else { Issue.record("it was taken for an answer") }
    }
}
