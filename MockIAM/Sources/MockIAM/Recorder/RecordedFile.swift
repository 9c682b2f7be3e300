import FoundationEssentials
package import Recording

extension MockIAM {
    /// A recording in a file, in whichever of its forms.
    package struct RecordedFile: Sendable {
        /// The path of the file, as messages name it.
        package var path: String
        package var recording: RecordedExchanges
        /// Of a HAR document, the entries that are none of ours.
        package var leftOut: [HARImport.LeftOut] = []
        /// Of a HAR document, the numbers of the exchanges that have bodies in the file and none here.
        package var bodiless: Set<Int> = []

        /// How many exchanges there are.
        package var count: Int {
            recording.exchanges.count
        }

        /// Reads a directory that holds `exchanges.jsonl`, an evidence bundle, a `.jsonl` or a `.har` file.
        ///
        /// - Throws: ``FixtureError``.
        package init(reading path: String) throws {
            let file = try Fixture.recordingFile(at: path)
            self.path = file.relativePath
            do {
                let bytes = Array(try Data(contentsOf: file))
                if path.lowercased().hasSuffix(".har") {
                    let har = try HARImport(bytes)
                    (recording, leftOut, bodiless) = (har.recording, har.leftOut, har.bodiless)
                } else {
                    let sideFiles = SideFiles(directory: file.deletingLastPathComponent())
                    recording = try RecordedExchanges(parsing: bytes, sideFile: sideFiles.bytes)
                }
            } catch let error as RecordingError {
                throw FixtureError(path: file.relativePath, line: error.line, reason: error.reason)
            } catch {
                throw FixtureError(path: file.relativePath, reason: "can't be read: \(error.inPlainWords)")
            }
        }
    }
}
