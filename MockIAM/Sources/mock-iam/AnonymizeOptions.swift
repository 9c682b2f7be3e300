import ArgumentParser
import MockIAM

/// Whether a recording is made fit for others to see.
struct AnonymizeOptions: ParsableArguments {
    @Flag(help: "Replace accounts, users, keys and whatever else names somebody, everywhere alike.")
    var anonymize = false

    @Option(
        help: ArgumentHelp(
            "The same text gives the same replacements in every recording. Keep it secret: it lets names be tried out.",
            valueName: "text"))
    var anonymizeKey: String?

    func validate() throws {
        guard anonymize || anonymizeKey == nil else {
            throw ValidationError("--anonymize-key goes with --anonymize.")
        }
        guard anonymizeKey?.isEmpty != true else {
            throw ValidationError("--anonymize-key is empty; leave it out for a key of this recording alone.")
        }
    }

    /// Nil where nothing is to be replaced.
    var anonymizer: MockIAM.Anonymizer? {
        anonymize ? MockIAM.Anonymizer(key: anonymizeKey) : nil
    }
}
