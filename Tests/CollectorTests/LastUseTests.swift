import Evidence
import FoundationEssentials
import Testing

@testable import AWSClient
@testable import Collector

@Suite struct LastUseTests {
    private let source = Provenance(
        .getAccessKeyLastUsed, asOf: Date(timeIntervalSince1970: 1_795_380_300), exchange: 9)

    private func lastUse(
        user: String? = "ci-deploy", date: Date? = nil, service: String = "N/A", region: String = "N/A"
    ) -> Fact<LastUse> {
        Fact(
            GetAccessKeyLastUsed.Output(userName: user, lastUsedDate: date, serviceName: service, region: region),
            of: "AKIA1", user: "ci-deploy", source)
    }

    @Test func `no date and no service is never used`() {
        #expect(lastUse() == .read(.never, source))
    }

    @Test func `a date is a use, even where AWS names no region`() {
        let date = Date(timeIntervalSince1970: 1)
        #expect(lastUse(date: date, service: "s3") == .read(.used(at: date, service: "s3", region: "N/A"), source))
    }

    @Test func `a service without a date contradicts itself`() {
        if let failure = lastUse(service: "s3").failure {
            #expect(failure.code == "unreadable-answer")
            #expect(failure.exchange == 9)
        } else {
            Issue.record("it was taken for an answer")
        }
    }

    @Test func `an answer about another user's key is no answer`() {
        #expect(!lastUse(user: "other").isRead)
    }
}
