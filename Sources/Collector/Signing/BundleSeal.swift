import Evidence

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
        /// Bytes by file name.
        var files: [(name: String, bytes: [UInt8])] = []
        /// What could not be made, and how to make it afterwards.
        var missing: [String] = []
    }

    /// Never fails as a whole: a bundle without its signature is worth more than none, and it says that it should have
    /// one.
    func make(over checksums: [UInt8], sleep: (Duration) async throws -> Void) async -> Made {
        var made = Made()
        if let signingKey {
            do throws(SigningError) {
                made.files.append((BundlePath.signature, Array(try await signingKey.sign(checksums).armored.utf8)))
            } catch {
                made.missing.append(
                    "the bundle isn't signed: \(error). To sign it afterwards, in its folder: ssh-keygen -Y sign -n "
                        + "\(KeyWitnessTool.signatureNamespace) -f KEY \(BundlePath.checksums)")
            }
        }
        if let timestampAuthority {
            do throws(SigningError) {
                let response = try await timestampAuthority.timestamp(over: checksums, sleep: sleep)
                made.files.append((BundlePath.timestamp, response))
            } catch {
                made.missing.append(
                    "the bundle has no timestamp: \(error). To have one afterwards, in its folder: openssl ts -query -data "
                        + "\(BundlePath.checksums) -sha256 -cert | curl -sS -H 'Content-Type: application/timestamp-query' "
                        + "--data-binary @- URL -o \(BundlePath.timestamp)")
            }
        }
        return made
    }
}
