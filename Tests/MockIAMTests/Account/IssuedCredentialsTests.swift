import Foundation
@testable import MockIAM
import Testing

@Suite("Temporary credentials that were handed out")
struct IssuedCredentialsTests {
    private let account = ServedAccount(.made(users: 0))

    private func credentials(_ number: Int, until expiration: Date = .madeClock + 3600) -> TemporaryCredentials {
        TemporaryCredentials(
            Identity(root: account, accessKeyID: "AKIA0000000000000001"), number: number, seed: 1,
            expiration: expiration, advanced: 0)
    }

    @Test("Thousands that are good are looked at a few times each, and all of them are kept")
    func good() {
        var issued = IssuedCredentials(fewest: 100)
        var looks = 0
        let all = (0..<2000).map { credentials($0) }
        for one in all {
            issued.add(one) { kept in
                looks += 1
                return kept.expiration <= .madeClock
            }
        }
        #expect(looks < 2 * all.count)
        #expect(issued.count == all.count)
        #expect(all.allSatisfy { issued[$0.accessKeyID]?.secretAccessKey == $0.secretAccessKey })
    }

    @Test("Those that have ended are forgotten, also after many were good at once")
    func ended() {
        var issued = IssuedCredentials(fewest: 10)
        for number in 0..<100 { issued.add(credentials(number)) { _ in false } }
        for number in 100..<1000 {
            issued.add(credentials(number)) { $0.expiration <= .madeClock + 3600 }
            #expect(issued.count <= 160)
        }
        #expect(issued.count <= 11)
        issued.expire()
        issued.add(credentials(1000)) { $0.expiration <= .madeClock }
        for number in 1001..<1020 { issued.add(credentials(number)) { $0.expiration <= .madeClock } }
        #expect(issued[credentials(999).accessKeyID] == nil)
        #expect(issued.count == 20)
    }
}
