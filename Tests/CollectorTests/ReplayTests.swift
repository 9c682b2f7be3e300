import AWSClient
import Evidence
import Foundation
import MockIAM
import Recording
import Testing

@testable import Collector

/// The recording in the place of AWS, and what doesn't go with it.
@Suite struct ReplayTests {
    private func exchange(_ number: Int, _ form: String, after seconds: Double) -> Exchange {
        Exchange(
            sequence: number, operation: "ListUsers", started: .testNow + seconds,
            request: Exchange.Request(url: "https://iam.amazonaws.com/", body: Array(form.utf8)),
            outcome: .answer(Exchange.Response(status: 200, body: [])))
    }

    @Test func `the clock of a replay never goes back, in whatever order is asked`() async throws {
        let forms = ["Action=ListUsers", "Action=ListUsers&Marker=a", "Action=ListUsers&Marker=b"]
        let exchanges = zip(forms, [0.0, 5, 2]).enumerated().map { place, part in
            exchange(place + 1, part.0, after: part.1)
        }
        let transport = ReplayTransport(exchanges, isWhole: true)
        let url = try #require(EndpointURL("https://iam.amazonaws.com/"))
        for (form, seconds) in zip(forms, [0.0, 5, 5]) {
            _ = try await transport.send(
                HTTPRequest(url: url, body: Array(form.utf8)), for: Call(operation: "ListUsers", attempt: 1))
            #expect(transport.now == .testNow + seconds)
        }
        #expect(transport.unused.isEmpty && transport.missing.isEmpty)
    }

    /// A bundle whose recording or report was changed, and made to fit again.
    private func flaws(
        faults: String = "{faults: []}", _ change: (URL) throws -> Void
    ) async throws -> [String] {
        var found: [String] = []
        let options = MockIAM.Options(authentication: .lenient, faults: try MockIAM.FaultPlan(parsing: faults))
        try await withBundle(of: SmallAccount.account(), options, .live) { bundle in
            let before = await recomputationFlaws(bundle)
            try #require(before.isEmpty, "\(before)")
            try change(bundle)
            try BundleDamage.reseal(bundle)
            found = await recomputationFlaws(bundle)
        }
        return found
    }

    @Test func `an exchange that nobody asks for is a flaw`() async throws {
        let found = try await flaws { bundle in
            let file = bundle.appending(path: BundleMember.recording.path)
            let recording = try RecordedExchanges(parsing: try Data(contentsOf: file))
            var again = try #require(recording.exchanges.last { $0.operation == "ListAccessKeys" })
            again.sequence = recording.exchanges.count + 1
            let lines =
                RecordingWriter.line(recording.manifest)
                + (recording.exchanges + [again]).flatMap { RecordingWriter.line($0) }
            try Data(lines).write(to: file)
        }
        #expect(found.contains { $0.hasPrefix("recomputed: nothing asks for exchange ") }, "\(found)")
        #expect(!found.contains { $0.hasPrefix("recording: ") }, "\(found)")
    }

    @Test func `a refusal for the clock that the report is silent about is a flaw`() async throws {
        let found = try await flaws(faults: "{faults: [{clock_skew: 1h}]}") { bundle in
            let file = bundle.appending(path: BundleMember.report.path)
            let text = try String(contentsOf: file, encoding: .utf8)
            let silent = text.replacing(/"clock_skew_seconds": ?-?\d+, ?/, with: "")
            #expect(silent != text)
            try silent.write(to: file, atomically: false, encoding: .utf8)
        }
        #expect(
            found.contains("recomputed: a request was refused for its clock, and the report says nothing of it"),
            "\(found.map { String($0.prefix(300)) })")
    }

    /// A run may go on for a while after its last call, and not for longer.
    @Test(arguments: [(14.0, true), (16, false)])
    func `a run ends within a quarter of an hour of its last call`(minutes: Double, isFine: Bool) async throws {
        let found = try await flaws { bundle in
            let recording = try RecordedExchanges(
                parsing: try Data(contentsOf: bundle.appending(path: BundleMember.recording.path)))
            let last = try #require(recording.exchanges.map { $0.started + $0.milliseconds / 1000 }.max())
            let file = bundle.appending(path: BundleMember.report.path)
            try String(contentsOf: file, encoding: .utf8)
                .replacing(
                    /"collection_ended": ?"[^"]*"/,
                    with: #""collection_ended": "\#((last + minutes * 60).ISO8601Format())""#
                )
                .write(to: file, atomically: false, encoding: .utf8)
        }
        #expect(found.contains { $0.contains("the report says that the run ended") } != isFine, "\(found)")
    }

    @Test func `a reference to something of another kind leads to nothing`() async throws {
        let found = try await flaws { bundle in
            let file = bundle.appending(path: BundleMember.assessmentResults.path)
            let text = try String(contentsOf: file, encoding: .utf8)
            let risk = try #require(text.firstMatch(of: /"risk-uuid": ?"([^"]*)"/)?.1)
            let place = try #require(text.firstMatch(of: /"observation-uuid": ?"([^"]*)"/)?.1)
            try text.replacingCharacters(in: place.startIndex..<place.endIndex, with: risk)
                .write(to: file, atomically: false, encoding: .utf8)
        }
        #expect(
            found.contains { $0.contains("observation-uuid ") && $0.hasSuffix(" leads to nothing") },
            "\(found.map { String($0.prefix(300)) })")
    }

    @Test func `a control isn't satisfied while one of its tests has an open subject`() async throws {
        let denied = "{faults: [{match: {action: GetAccessKeyLastUsed}, error: AccessDenied}]}"
        let found = try await flaws(faults: denied) { bundle in
            let file = bundle.appending(path: BundleMember.assessmentResults.path)
            let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
            let open = /"status":\{"reason":"other",(.*?)"state":"not-satisfied"/
            let place = try #require(
                lines.firstIndex {
                    $0.contains("\"name\":\"scope\",") && $0.contains("\"value\":\"control\"")
                        && $0.contains(open)
                })
            var changed = lines
            changed[place] = lines[place].replacing(open) {
                "\"status\":{\"reason\":\"pass\",\($0.1)\"state\":\"satisfied\""
            }
            try changed.joined(separator: "\n").write(to: file, atomically: false, encoding: .utf8)
        }
        #expect(
            found.contains { $0.hasSuffix("isn't what the findings of its tests come to") },
            "\(found.map { String($0.prefix(300)) })")
    }

    /// Its list was had before it went.
    @Test func `a key that went during the run is in a recorded list, and that is no flaw`() async throws {
        var account = SmallAccount.account()
        account.users[1].accessKeys.append(SmallAccount.key(3, age: 10))
        let found = try await EditedRun.of(account, .live) { action, number, form, reply in
            switch action {
            case "ListAccessKeys" where form.contains("bert") && number > 1: reply.without(memberWith: "3X")
            case "GetAccessKeyLastUsed" where form.contains("3X"): .unknownKey(form)
            case "GenerateCredentialReport": .denied
            default: reply
            }
        }
        #expect(found.assessment.isComplete, "\(found.assessment.blockingFailures)")
        #expect(found.notes == ["key-vanished AKIA000000000000003X"])
    }
}
