import CanonicalJSON
import Evidence
import FoundationEssentials
import Testing

/// An account that is judged at another time than that at which AWS was asked.
@Suite struct AsOfGapTests {
    private func assessment(
        days: Double, keys: [AccessKey] = [.made(age: 200)], skew: Int? = nil
    ) throws -> Assessment {
        var snapshot = AccountSnapshot.made(users: [.made(keys: .listed(keys))])
        snapshot.traffic.clockSkew = skew
        let criteria = Criteria(policy: Policy(), crosswalk: try Crosswalk.builtIn())
        return Assessment(of: snapshot, by: criteria, at: .asOf + days * 86_400)
    }

    @Test(arguments: [-0.9, 0, 0.9])
    func `a run may be judged as of its evening, or of the evening before`(days: Double) throws {
        let assessment = try assessment(days: days, keys: [.made(age: 20)])
        #expect(assessment.isComplete && assessment.asOfGap == nil)
        #expect(assessment.overallStatus == .compliant)
        #expect(assessment.tests.allSatisfy { assessment.conclusion(of: $0.id) == .satisfied })
    }

    @Test(arguments: [-60, -1.1, 1.1, 60])
    func `nothing passes at another time, of keys, users, the root user and the account`(days: Double) throws {
        for keys in [[], [.made(age: 20)], [.made(age: 20), .made("AKIA2", age: 19)]] as [[AccessKey]] {
            let assessment = try assessment(days: days, keys: keys)
            #expect(!assessment.isComplete)
            #expect(assessment.overallStatus == .undetermined)
            #expect(assessment.tests.allSatisfy { assessment.conclusion(of: $0.id) != .satisfied })
            #expect(assessment.keys.allSatisfy { $0.level == nil })
            #expect(assessment.keys.flatMap(\.verdicts).allSatisfy { $0.verdict.conclusion != .satisfied })
            #expect(assessment.users.flatMap(\.verdicts).allSatisfy { $0.verdict.conclusion != .satisfied })
            #expect(assessment.accountVerdicts.allSatisfy { $0.verdict.conclusion == .undetermined })
            #expect(assessment.status(of: .cc6_1) == .undetermined || !keys.isEmpty)
        }
    }

    @Test func `what fails by dates that don't change fails all the same`() throws {
        let assessment = try assessment(days: -60, keys: [.made(age: 200, lastUse: .never)])
        #expect(assessment.conclusion(of: .keyRotation) == .notSatisfied)
        #expect(assessment.conclusion(of: .unusedKey) == .notSatisfied)
        #expect(assessment.keys[0].leastLevel == .high)
    }

    @Test func `when AWS was asked goes by AWS's clock`() throws {
        #expect(try assessment(days: 60, skew: 60 * 86_400).asOfGap == nil)
        let gap = try #require(try assessment(days: 0, skew: -5 * 86_400).asOfGap)
        #expect(gap.text == "AWS was asked at 2026-11-17T20:45:05Z, 4 days before the as-of instant")
    }

    @Test func `of a time that has passed it is told in the past, and of one to come in the future`() throws {
        for (days, said) in [
            (-60.0, "60 days after the as-of instant: which users and keys there were then, and how, it didn't say."),
            (
                60.0,
                "59 days before the as-of instant: which users and keys there will be then, and how, it didn't say."
            ),
        ] {
            let assessment = try assessment(days: days, keys: [.made(age: 20)])
            let text = TerminalSummary(assessment, style: TerminalStyle(color: false)).text
            #expect(text.contains(said), "\(text)")
            let what = assessment.keys[0].recommendation
            #expect(what.issue == "What the key was at the as-of instant isn't known.")
            #expect(what.why == "What was so then may be what is wrong.")
        }
    }

    @Test func `documents and summary say so`() throws {
        let assessment = try assessment(days: -60)
        let documents = BundleDocuments.inMemory(assessment)
        for member in [BundleMember.report, .manifest] {
            let completeness = try JSONValue(parsing: try #require(documents[member]))["completeness"]
            #expect(completeness["as_of_gap_days"] == .number(60))
        }
        let text = TerminalSummary(assessment, style: TerminalStyle(color: false)).text
        #expect(
            text.contains("AWS was asked at 2026-11-22T20:45:00Z, 60 days after the as-of instant: which users and"))
        #expect(text.contains("What the key was at the as-of instant isn't known. Scan as of now, without --as-of;"))
    }
}
