import AWSClient
import Evidence
import FoundationEssentials

/// Has AWS make a credential report, and fetches it.
struct ReportCollection: Sendable {
    let client: CollectionClient
    let clock: CollectionClock
    let patience: Duration

    func collect() async -> Result<ReportMap, ReadFailure> {
        do throws(AWSError) {
            var (isMade, started) = try await start()
            var waited = Duration.zero
            var pause = Duration.milliseconds(100)
            var restarts = 0
            while true {
                if !isMade {
                    guard waited < patience else { return .failure(gaveUp(after: waited)) }
                    // After a wait that was cancelled the call is, too.
                    try? await clock.sleep(pause)
                    waited += pause
                    pause = min(pause * 2, .seconds(5))
                }
                do throws(AWSError) {
                    let answer = try await client.send(GetCredentialReport())
                    if let failure = failure(of: answer) { return .failure(failure) }
                    return .success(
                        ReportMap(
                            answer.output.report, generated: answer.output.generatedTime, started: started,
                            exchange: answer.receipt?.number))
                } catch {
                    switch error.code {
                    case .reportInProgress: isMade = false
                    // It was there a moment ago, or is gone before it was fetched: begin again, but not for ever.
                    case .reportNotPresent, .reportExpired:
                        restarts += 1
                        guard restarts <= 3 else { throw error }
                        (isMade, started) = try await start()
                    default: throw error
                    }
                }
            }
        } catch {
            return .failure(ReadFailure(error, fact: .credentialReport, subject: .account))
        }
    }

    /// - Returns: whether there is a report already; and AWS's clock when it began to make one, which nobody knows of one
    ///   that was on its way before.
    private func start() async throws(AWSError) -> (isMade: Bool, started: Date?) {
        let answer = try await client.send(GenerateCredentialReport())
        let state = answer.output.state
        return (state == .complete, state == .started ? answer.serverDate ?? clock.now() : nil)
    }

    /// How old a report can be: AWS makes another one where the last is four hours old, and a clock may be off.
    ///
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
    private static let oldest: TimeInterval = 4 * 3600 + CollectionClock.mostSkew

    /// Why a report isn't what AWS has to give at the moment: what it says is too old for anything to rest on, or of a time
    /// that hasn't come.
    private func failure(of answer: Answer<GetCredentialReport.Output>) -> ReadFailure? {
        let now = answer.serverDate ?? clock.now()
        let generated = answer.output.generatedTime
        guard !(now - Self.oldest...now + CollectionClock.mostSkew).contains(generated) else { return nil }
        return ReadFailure(
            fact: .credentialReport, operation: GetCredentialReport.name, subject: .account,
            code: .untimely,
            message:
                "the report says that it was made at \(generated.iso8601), and it is \(now.iso8601) by AWS's clock; "
                + "AWS gives none that is older than four hours",
            exchange: answer.receipt?.number)
    }

    private func gaveUp(after waited: Duration) -> ReadFailure {
        ReadFailure(
            fact: .credentialReport, operation: GetCredentialReport.name, subject: .account, code: .noAnswer,
            message: "AWS hadn't made the report after \(waited.components.seconds) seconds", exchange: nil)
    }
}

extension ReadFailure: Error {}
