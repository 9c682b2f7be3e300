import CanonicalJSON
import Evidence
import FoundationEssentials
import Testing

/// Dates that can't be right are findings about the data: they pass nothing, and crash nothing.
@Suite struct DataFindingTests {
    @Test(arguments: [
        // The scan ended five seconds after the as-of instant; clocks may differ by 15 minutes.
        (AccessKey.made(age: 0, seconds: -905, lastUse: .never), nil),
        (.made(age: 0, seconds: -906, lastUse: .never), DataFinding.Kind.createdInFuture),
        (.made(age: 5, lastUse: .used(daysAgo: 0, seconds: -905)), nil),
        (.made(age: 5, lastUse: .used(daysAgo: 0, seconds: -906)), .usedInFuture),
        (.made(age: 5, lastUse: .used(daysAgo: 5, seconds: 900)), nil),
        (.made(age: 5, lastUse: .used(daysAgo: 5, seconds: 901)), .usedBeforeCreated),
        (.made(age: 2000, seconds: 900, lastUse: .used(daysAgo: 1)), nil),
        (.made(age: 2000, seconds: 901, lastUse: .used(daysAgo: 1)), .olderThanUser),
        // 2006-03-14, and the second before it.
        (.made(age: 7558, seconds: 74_700, lastUse: .used(daysAgo: 1)), .olderThanUser),
        (.made(age: 7558, seconds: 74_701, lastUse: .used(daysAgo: 1)), .createdBeforeAWS),
        (.made(age: 1_000_000, lastUse: .used(daysAgo: 1)), .createdBeforeAWS),
    ])
    func `each kind at its boundary`(key: AccessKey, expected: DataFinding.Kind?) throws {
        let assessment = try Assessment.made(keys: [key])
        #expect(assessment.dataFindings.map(\.kind) == [expected].compactMap { $0 })
        #expect(assessment.isComplete == (expected == nil))
        #expect(assessment.keys[0].isLevelKnown == (expected == nil))
    }

    /// By the calls, and not by the as-of instant, which may be up to a day later.
    @Test func `what is of after the scan's end is, however much later the scan is judged`() throws {
        let keys = [AccessKey.made("AKIA1", age: 0, seconds: -36_000, lastUse: .never)]
        let criteria = Criteria(policy: Policy(), crosswalk: try Crosswalk.builtIn())
        let snapshot = AccountSnapshot.made(users: [.made(keys: .listed(keys))])
        let assessment = Assessment(of: snapshot, by: criteria, at: .asOf + 80_000)
        #expect(assessment.asOfGap == nil && assessment.dataFindings.map(\.kind) == [.createdInFuture])
    }

    @Test func `it can fail a test and not pass one`() throws {
        // A year in the future: neither age nor idle time is known.
        let future = try Assessment.made(keys: [.made(age: -365, lastUse: .never)])
        #expect(future.conclusion(of: .unusedKey) == .undetermined)
        #expect(future.conclusion(of: .keyRotation) == .undetermined)
        #expect(future.keys[0].verdicts[0].verdict.reason.rule == .dates(.createdInFuture))
        // Used 100 days ago and made 10 days ago: whichever is wrong, the use is too long ago.
        let early = try Assessment.made(keys: [.made(age: 10, lastUse: .used(daysAgo: 100))])
        #expect(early.conclusion(of: .unusedKey) == .notSatisfied)
        #expect(early.conclusion(of: .keyRotation) == .undetermined)
        #expect(early.keys[0].leastLevel == .high && early.keys[0].level == nil)
    }

    @Test func `a doubtful use says nothing against the creation date`() throws {
        let assessment = try Assessment.made(keys: [.made(age: 5, lastUse: .used(daysAgo: -30))])
        #expect(assessment.conclusion(of: .keyRotation) == .satisfied)
        #expect(assessment.conclusion(of: .unusedKey) == .undetermined)
    }

    @Test func `AWS's clock may be ahead of ours, where the scan has noticed`() throws {
        var snapshot = AccountSnapshot.made(users: [
            .made(keys: .listed([.made(age: 0, seconds: -7200, lastUse: .never)]))
        ])
        #expect(try Assessment.made(snapshot).dataFindings.count == 1)
        snapshot.traffic.clockSkew = 7200
        #expect(try Assessment.made(snapshot).dataFindings.isEmpty)
    }

    @Test(arguments: [-1e300, -1e18, -1, 0, 1e18, 1e300, .infinity, -.infinity])
    func `no date crashes`(seconds: Double) throws {
        let date = Date(timeIntervalSince1970: seconds)
        let keys: [AccessKey] = [Fact<LastUse>.never, .used(at: date)].map {
            AccessKey(
                id: "AKIA1", status: .active, created: date, lastUse: $0, listed: .made(.listAccessKeys, 3))
        }
        let assessment = try Assessment.made(keys: keys)
        // Of the key that was made and used in the future both are said.
        #expect(assessment.dataFindings.count == (seconds > 1e10 ? 3 : 2))
        #expect(!assessment.isComplete)
    }

    @Test func `one date that can't be right doesn't hide another`() throws {
        // Used in the future, and older than its user: neither a test of the use nor one of the age is passed by it.
        let used = try Assessment.made(keys: [.made(age: 4000, lastUse: .used(daysAgo: -30))])
        #expect(used.dataFindings.map(\.kind) == [.usedInFuture, .olderThanUser])
        #expect(used.conclusion(of: .unusedKey) == .undetermined)
        let keys: [AccessKey] = [
            .made("AKIA1", age: 5, lastUse: .used(daysAgo: -30)), .made("AKIA2", age: -30, lastUse: .never),
        ]
        let second = try Assessment.made(.made(users: [.made(keys: .listed(keys))]))
        #expect(second.conclusion(of: .singleActiveKey) == .undetermined)
        #expect(second.conclusion(of: .keyRotation) == .undetermined)
    }

    @Test func `a key of which several dates are wrong counts once`() throws {
        let key = AccessKey.made(age: -365, lastUse: .used(daysAgo: -100))
        let assessment = try Assessment.made(keys: [key])
        #expect(assessment.dataFindings.count == 3)
        #expect(assessment.doubtfulKeys == 1 && assessment.summary.doubtfulKeys == 1)
    }

    @Test func `that a run is incomplete because of dates stands where completeness is told`() throws {
        let assessment = try Assessment.made(keys: [.made(age: -365, lastUse: .never), .made("AKIA2")])
        let documents = BundleDocuments.inMemory(assessment)
        for member in [BundleMember.report, .manifest] {
            let completeness = try JSONValue(parsing: try #require(documents[member]))["completeness"]
            #expect(completeness["keys_with_doubtful_dates"] == .number(1))
        }
        #expect(!assessment.isComplete && assessment.blockingFailures.isEmpty)
    }

    @Test func `the report names them`() throws {
        let assessment = try Assessment.made(keys: [.made(age: -365, lastUse: .never)])
        let report = try JSONValue(
            parsing: try #require(BundleDocuments.inMemory(assessment)[.report]))
        #expect(report["data_findings"][0]["kind"] == .string("created-in-future"))
        #expect(report["analysis_results"]["summary"]["data_findings"] == .number(1))
        let text = TerminalSummary(assessment, style: TerminalStyle(color: false)).text
        #expect(text.contains("Dates that can't be right"))
    }
}
