import AWSClient
import ArgumentParser
import Collector
import Evidence
import FoundationEssentials
import PlainText

/// What a bundle is made of and with, and where it is put.
struct BundleOptions: ParsableArguments {
    @Option(name: .customLong("output-dir"), help: ArgumentHelp("Where bundles are put.", valueName: "folder"))
    var outputFolder = "keywitness-evidence"

    @Option(
        name: .customLong("oscal-version"),
        help: ArgumentHelp(
            "The version that OSCAL documents state; what is in them is the same in each.", valueName: "version"))
    var oscalVersion = OSCALVersion.standard

    @Option(
        name: .customLong("sign"),
        help: ArgumentHelp(
            "Sign the bundle with an OpenSSH key: Ed25519 or ECDSA P-256.",
            discussion: "ssh-agent signs where the file is a public key, or protected by a passphrase. "
                + "'ssh-keygen -Y verify' and 'keywitness verify --allowed-signers' check it.", valueName: "key file"))
    var signingKey: String?

    @Option(
        name: .customLong("timestamp-url"),
        help: ArgumentHelp(
            "Have an RFC 3161 authority say when the bundle was there at the latest.",
            discussion: "It learns nothing but a digest.", valueName: "url"))
    var timestampURL: String?

    func validate() throws {
        guard !outputFolder.isEmpty else {
            throw ValidationError("--output-dir names no folder. Is the variable set that it comes from?")
        }
        // What isn't UTF-8 comes with this in its place, and would be another folder.
        if outputFolder.unicodeScalars.contains("\u{fffd}") {
            throw ValidationError("--output-dir '\(outputFolder)' isn't UTF-8. Name a folder that is.")
        }
        guard let timestampURL, EndpointURL(timestampURL) == nil else { return }
        throw ValidationError(
            "--timestamp-url\(EndpointURL.quoted(timestampURL)) isn't an http:// or https:// URL without a user, a password "
                + "and a query.")
    }

    /// Reads the key, before anything is asked of AWS: a mistake shouldn't cost a scan.
    ///
    /// - Throws: `ValidationError` for what is wrong with the file, ``Failure`` where ssh-agent has to sign and can't.
    func signing(_ environment: [String: String]) async throws -> SigningKey? {
        guard let signingKey else { return nil }
        let file: SigningKeyFile
        do { file = try SigningKeyFile(path: signingKey) } catch {
            throw ValidationError("\("\(error)".withoutStop).".escapedForTerminal)
        }
        do { return try await SigningKey(file, agentSocket: environment["SSH_AUTH_SOCK"]) } catch {
            throw Failure("\("\(error)".withoutStop).".escapedForTerminal)
        }
    }

    /// - Parameter transport: nil where there is no authority to be asked.
    func timestampAuthority(_ transport: (any Transport)?) -> TimestampAuthority? {
        guard let transport, let url = timestampURL.flatMap(EndpointURL.init) else { return nil }
        return TimestampAuthority(url: url, transport: transport, nonce: { UInt64.random(in: .min ... .max) })
    }
}

extension OSCALVersion: ExpressibleByArgument {}
