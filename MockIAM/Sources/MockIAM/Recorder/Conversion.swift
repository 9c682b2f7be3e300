import CanonicalJSON
import FoundationEssentials
package import Recording
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension MockIAM {
    /// From one form of a recording to another: JSON Lines, a HAR document, a fixture directory.
    package struct Conversion {
        /// In what form a recording is written.
        package enum Form: Equatable, Sendable {
            case har
            case jsonLines
            /// A folder with `exchanges.jsonl` in it.
            case directory

            /// The form that the ending of a path stands for.
            package init(path: String) {
                let path = path.lowercased()
                self = path.hasSuffix(".har") ? .har : path.hasSuffix(".jsonl") ? .jsonLines : .directory
            }
        }

        /// A recording that can't be written, and what to do about it.
        package struct OutputError: Error, CustomStringConvertible, Equatable {
            package var description: String
        }

        /// The bytes of a recording in a form. Secrets are taken out, whether they should be in it or not.
        package static func bytes(_ recording: RecordedExchanges, as form: Form) -> [UInt8] {
            var clean = recording
            clean.exchanges = clean.exchanges.map { Scrubber().scrub($0) }
            switch form {
            case .har: return CanonicalJSON.document(HARDocument(clean))
            case .jsonLines, .directory:
                return clean.exchanges.reduce(into: RecordingWriter.line(clean.manifest)) {
                    $0 += RecordingWriter.line($1)
                }
            }
        }

        /// Whether a scrubber took the bodies of an exchange out.
        static func losesBodies(_ exchange: Exchange, as clean: Exchange) -> Bool {
            let redacted = Array(Scrubber.redacted.utf8)
            return clean.request.body == redacted
                && (exchange.request.body != redacted || clean.response?.body != exchange.response?.body)
        }

        /// Which exchanges are written without their bodies, because those hold secrets or could, in words: `AssumeRole,
        /// exchanges 3, 5`.
        ///
        /// - Parameter read: the numbers of those that were read without them already, though the file has them.
        package static func bodiless(_ recording: RecordedExchanges, or read: Set<Int> = []) -> [String] {
            var numbers: [String: [Int]] = [:]
            for exchange in recording.exchanges {
                let clean = Scrubber().scrub(exchange)
                if read.contains(exchange.sequence) || losesBodies(exchange, as: clean) {
                    numbers[clean.operation, default: []].append(exchange.sequence)
                }
            }
            return numbers.sorted { $0.key < $1.key }.map { operation, numbers in
                "\(operation.printable(limit: 200)), \(numbers.count == 1 ? "exchange" : "exchanges") "
                    + numbers.map(String.init).joined(separator: ", ")
            }
        }

        /// Writes a recording beside its place and moves it there, so that it is there whole or not at all.
        ///
        /// - Parameter force: replaces a file that is there already.
        /// - Returns: the file that was written.
        /// - Throws: ``OutputError``.
        @discardableResult
        package static func write(_ recording: RecordedExchanges, to path: String, force: Bool) throws -> String {
            let form = Form(path: path)
            let files = FileManager.default
            var file = URL(filePath: path)
            if form == .directory {
                file = URL(filePath: path, directoryHint: .isDirectory).appending(path: "exchanges.jsonl")
            }
            let isThere = files.fileExists(atPath: file.path)
            guard force || !isThere else {
                throw OutputError(
                    description: "\(file.relativePath) exists and is left as it is; give another name, or --force")
            }
            // A device would be gone afterwards, for everybody.
            guard !isThere || (try? FilePath(file.path).stat().type) == .regular else {
                throw OutputError(
                    description: "\(file.relativePath) is no file, and is left as it is; give another name")
            }
            let bytes = bytes(recording, as: form)
            do {
                if form == .directory {
                    try files.createDirectory(at: URL(filePath: path), withIntermediateDirectories: true)
                }
                let beside = file.deletingLastPathComponent()
                    .appending(path: ".\(file.lastPathComponent).\(UUID().uuidString)")
                defer { try? files.removeItem(at: beside) }
                // As the recorder does it: who else may read about an account is for its owner to say.
                let descriptor = try FileDescriptor.open(
                    FilePath(beside.path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                    permissions: .ownerReadWrite)
                try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
                if force {
                    guard unsafe rename(beside.path, file.path) == 0 else { throw Errno(rawValue: errno) }
                } else {
                    // Whatever comes between looking and writing isn't replaced either.
                    try files.moveItem(at: beside, to: file)
                }
            } catch {
                throw OutputError(
                    description: "\(file.relativePath) can't be written: \(error.inPlainWords); "
                        + "is the folder there, and may you write in it?")
            }
            return file.relativePath
        }
    }
}
