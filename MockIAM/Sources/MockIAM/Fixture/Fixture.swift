package import FoundationEssentials
package import Recording

extension MockIAM {
    /// A recording as it is replayed: where it is from, its clock and its exchanges.
    package struct Fixture: Sendable, Equatable {
        /// What messages call it: the path of its file.
        package var name: String
        /// The instant at which the recorded answers are to be judged; it stands still.
        package var clock: Date
        package var exchanges: [Exchange]
        /// The account that was recorded, where the recording says so.
        package var account: String?
        /// The files that it was read from: the recording, and those of bodies that stand in files of their own.
        package var files: [String] = []

        package init(name: String = "in memory", clock: Date, exchanges: [Exchange], account: String? = nil) {
            self.name = name
            self.clock = clock
            self.exchanges = exchanges
            self.account = account ?? exchanges.lazy.compactMap(\.account).first
        }

        /// Reads a fixture directory (`exchanges.jsonl`), an evidence bundle (`raw/exchanges.jsonl`) or a `.jsonl`
        /// file.
        ///
        /// - Throws: ``FixtureError``.
        package init(path: String) throws {
            let file = try Self.recordingFile(at: path)
            guard !file.path.lowercased().hasSuffix(".har") else {
                throw FixtureError(
                    path: path, reason: "is a HAR file; make a recording of it first: mock-iam convert \(path) DIR")
            }
            let sideFiles = SideFiles(directory: file.deletingLastPathComponent())
            do {
                var files = [file.path]
                let recording = try RecordedExchanges(parsing: try Data(contentsOf: file)) { path in
                    files.append(file.deletingLastPathComponent().appending(path: path).path)
                    return try sideFiles.bytes(at: path)
                }
                self.init(
                    name: file.relativePath, clock: recording.manifest.clock ?? recording.manifest.created,
                    exchanges: recording.exchanges, account: recording.manifest.account
                )
                self.files = files
            } catch let error as RecordingError {
                throw FixtureError(path: file.relativePath, line: error.line, reason: error.reason)
            } catch {
                throw FixtureError(path: file.relativePath, reason: "can't be read: \(error.inPlainWords)")
            }
        }

        static func recordingFile(at path: String) throws -> URL {
            var isDirectory = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
                throw FixtureError(
                    path: path,
                    reason: "there is no such file or directory; give a fixture directory that holds exchanges.jsonl"
                )
            }
            guard isDirectory else { return URL(filePath: path) }
            let places = ["exchanges.jsonl", "raw/exchanges.jsonl"]
            guard let place = places.first(where: { FileManager.default.fileExists(atPath: "\(path)/\($0)") }) else {
                throw FixtureError(
                    path: path,
                    reason: "this directory holds neither \(places.joined(separator: " nor ")); "
                        + "give a fixture directory, an evidence bundle or a .jsonl file"
                )
            }
            return URL(filePath: path, directoryHint: .isDirectory).appending(path: place)
        }
    }
}
