import ArgumentParser
import MockIAM

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a recording readably.",
        discussion: """
            A line for each exchange: its number, when it began, the operation and its parameters, the status, the \
            size of the answer, how long it took, and which attempt it was if not the first. At the end, how often \
            each operation was asked for and what went wrong. A body that isn't what its line says (_sha256) is \
            pointed out.

            It reads what 'mock-iam convert' reads.

            EXAMPLES
              mock-iam show MockIAM/Fixtures/demo-account
              mock-iam show MockIAM/Fixtures/partial-account --bodies --seq 3
              mock-iam show recorded --action GetCredentialReport --bodies
              mock-iam show recorded --json | jq '.exchanges[] | select(.status != 200)'
            """
    )

    @Argument(help: ArgumentHelp("The recording.", valueName: "path"))
    var path: String

    @Flag(help: "Requests and answers in full, XML indented, the credential report decoded.")
    var bodies = false

    @Option(help: ArgumentHelp("Exchanges of this operation only.", valueName: "name"))
    var action: String?

    @Option(help: ArgumentHelp("The exchange of this number only.", valueName: "number"))
    var seq: Int?

    @Flag(help: "As a JSON document.")
    var json = false

    func run() throws {
        let file = try MockIAM.RecordedFile(reading: path)
        let listing = MockIAM.RecordingListing(
            file.recording, name: file.path,
            choice: MockIAM.RecordingListing.Choice(action: action, sequence: seq, showsBodies: bodies))
        if listing.isEmpty, action != nil || seq != nil {
            let wanted = [action.map { "operation \($0)" }, seq.map { "number \($0)" }].compactMap(\.self)
            throw NothingToShow(
                description: "\(file.path) has no exchange with \(wanted.joined(separator: " and ")); without --action "
                    + "and --seq all are shown")
        }
        try StandardStream.output.put(json ? listing.json : listing.text)
    }

    struct NothingToShow: Error, CustomStringConvertible {
        var description: String
    }
}
