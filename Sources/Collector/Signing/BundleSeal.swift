import Evidence
import PlainText

/// What is made over a bundle's checksums: a signature, a timestamp.
package struct BundleSeal: Sendable {
    package var signingKey: SigningKey?
    package var timestampAuthority: TimestampAuthority?

    package init(signingKey: SigningKey? = nil, timestampAuthority: TimestampAuthority? = nil) {
        self.signingKey = signingKey
        self.timestampAuthority = timestampAuthority
    }

    /// What came of it.
    struct Made {
        var files: [(member: BundleMember, bytes: [UInt8])] = []
        /// What could not be made, and how to make it afterwards.
        var missing: [String] = []
    }

    /// Never fails as a whole: a bundle without its signature is worth more than none, and it says that it should have
    /// one. An interrupted run is sealed like any other, with what it has; agent and authority have their time limits.
    ///
    /// - Parameter bundle: the folder, as messages name it.
    func make(
        over checksums: [UInt8], in bundle: String, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) async -> Made {
        // In a task of its own, which isn't interrupted.
        await Task { await attempt(over: checksums, in: bundle, sleep: sleep) }.value
    }

    private func attempt(
        over checksums: [UInt8], in bundle: String, sleep: (Duration) async throws -> Void
    ) async -> Made {
        var made = Made()
        if let signingKey {
            do throws(SigningError) {
                made.files.append((.signature, Array(try await signingKey.sign(checksums).armored.utf8)))
            } catch {
                made.missing.append(
                    "the bundle isn't signed: \(error). To sign it afterwards: \(Self.change(to: bundle)) && ssh-keygen -Y "
                        + "sign -n \(KeyWitnessTool.signatureNamespace) -f KEY \(BundleMember.checksums)")
            }
        }
        if let timestampAuthority {
            do throws(SigningError) {
                let response = try await timestampAuthority.timestamp(over: checksums, sleep: sleep)
                made.files.append((.timestamp, response))
            } catch {
                made.missing.append(
                    "the bundle has no timestamp: \(error). To have one afterwards: \(Self.change(to: bundle)) && openssl ts "
                        + "-query -data \(BundleMember.checksums) -sha256 -cert | curl -fsS -H 'Content-Type: "
                        + "application/timestamp-query' --data-binary @- \("\(timestampAuthority.url)".shellQuoted ?? "URL") "
                        + "-o \(BundleMember.timestamp)")
            }
        }
        return made
    }

    private static func change(to folder: String) -> String { "cd \(folder.shellQuoted ?? "FOLDER")" }
}
