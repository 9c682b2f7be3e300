import ArgumentParser
import MockIAM
import Recording

struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a HAR file of a recording, or a recording of a HAR file.",
        discussion: """
            The input is a directory that holds exchanges.jsonl, an evidence bundle of keywitness, a .jsonl file, or a \
            .har file as browsers, mitmproxy and Playwright save it (with content). The output's ending says what to \
            write: .har a HAR document, .jsonl a recording, anything else a directory with exchanges.jsonl in it, \
            which 'mock-iam serve --fixtures' replays.

            Of a HAR file, what isn't a request to IAM, STS or Organizations is left out, and standard error says \
            which entries and why. Secrets never get into the output: headers that aren't known to hold none, and the \
            bodies of operations that hand out credentials or aren't known, are taken out, and standard error names \
            those. --anonymize replaces what names the account as well; look the result over before you publish it, \
            times of day stay as they are.

            EXAMPLES
              mock-iam convert keywitness-evidence/111122223333/20261122T204500Z \\
                account.har
              mock-iam convert browser.har MyFixture && mock-iam serve --fixtures MyFixture
              mock-iam convert --anonymize recorded MockIAM/Fixtures/from-life
            """
    )

    @Argument(help: ArgumentHelp("What to read.", valueName: "in"))
    var input: String

    @Argument(help: ArgumentHelp("What to write.", valueName: "out"))
    var output: String

    @OptionGroup
    var anonymizing: AnonymizeOptions

    @Flag(help: "Replace the output if it is there already.")
    var force = false

    func run() throws {
        let file = try MockIAM.RecordedFile(reading: input)
        var recording = file.recording
        if var anonymizer = anonymizing.anonymizer { recording = anonymizer.anonymize(recording) }
        let written = try MockIAM.Conversion.write(recording, to: output, force: force)
        for sentence in file.leftOut.sentences { try StandardStream.error.put("left out: \(sentence)\n") }
        for sentence in MockIAM.Conversion.bodiless(file.recording, or: file.bodiless) {
            try StandardStream.error.put("taken out, question and answer, which may hold secrets: \(sentence)\n")
        }
        try StandardStream.error.put("\(written): \(file.count) exchanges\n")
    }
}
