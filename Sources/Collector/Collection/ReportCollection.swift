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
                    return .success(
                        ReportMap(
                            answer.output.report, generated: answer.output.generatedTime, started: started,
                            exchange: answer.receipt?.number))
                } catch {
                    switch error.code {
                    case "ReportInProgress": isMade = false
                    // It was there a moment ago, or is gone before it was fetched: begin again, but not for ever.
                    case "ReportNotPresent", "ReportExpired":
                        restarts += 1
                        guard restarts <= 3 else { throw error }
                        (isMade, started) = try await start()
                    default: throw error
                    }
                }
            }
        } catch {
            return .failure(ReadFailure(error, fact: .credentialReport, subject: ReadFailure.account))
        }
    }

    /// - Returns: whether there is a report already; and AWS's clock when it began to make one, which nobody knows of one
    ///   that was on its way before.
    private func start() async throws(AWSError) -> (isMade: Bool, started: Date?) {
        let answer = try await client.send(GenerateCredentialReport())
        let state = answer.output.state
        return (state == .complete, state == .started ? answer.serverDate ?? clock.now() : nil)
    }

    private func gaveUp(after waited: Duration) -> ReadFailure {
        ReadFailure(
            fact: .credentialReport, operation: GetCredentialReport.name, subject: ReadFailure.account, code: .noAnswer,
            message: "AWS hadn't made the report after \(waited.components.seconds) seconds", exchange: nil)
    }
}

extension ReadFailure: Error {}
